//! One turn, and what can happen to it.

use chatvitals::chat::STALL_MS;
use serde_json::json;

use super::Page;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

#[test]
fn a_turn_has_the_times_that_were_observed() {
    let mut page = Page::default();
    page.tell(100.0, "submit", json!({"charCount": 2, "partTypes": ["text"]}));
    page.tell(150.0, "responseStarted", json!({"responseId": "r"}));
    page.tell(300.04, "firstToken", json!({"source": "stream"}));
    page.tell(316.0, "painted", json!({}));
    page.tell(400.0, "chunk", json!({"count": 5, "from": 300.04}));
    page.tell(500.0, "completed", json!({"messageId": "m", "partTypeCounts": {"text": 1}}));
    let events = page.events();
    let told: Vec<_> = events.iter().map(|e| (e.name, e.at, e.properties.clone())).collect();
    assert_eq!(
        told,
        [
            ("user_message_sent", 100.0, json!({"turnIndex": 0, "charCount": 2, "partTypes": ["text"]})),
            ("assistant_response_started", 150.0, json!({"turnIndex": 0, "responseId": "r"})),
            (
                "assistant_response_first_token",
                300.04,
                json!({"ttftMs": 200, "ttftSource": "stream", "visibleMs": 216, "turnIndex": 0, "responseId": "r"})
            ),
            (
                "assistant_response_completed",
                500.0,
                json!({"finishReason": "natural", "durationMs": 350, "totalMs": 400, "chunkCount": 5, "turnIndex": 0,
                    "responseId": "r", "partTypeCounts": {"text": 1}})
            ),
        ]
    );
    assert!(events.iter().all(|e| e.turn == Some(0) && e.conversation.as_deref() == Some("c")));
}

#[test]
fn what_was_not_observed_is_absent() {
    let mut page = Page::default();
    page.tell(0.0, "responseStarted", json!({}));
    page.tell(50.0, "firstToken", json!({}));
    page.tell(90.0, "completed", json!({}));
    page.chats.settle();
    let events = page.events();
    assert_eq!(events[1].properties, json!({"ttftSource": "api", "turnIndex": 0}));
    assert_eq!(events[2].properties, json!({"finishReason": "natural", "durationMs": 90, "turnIndex": 0}));
    // A submit that is answered without any sign but the end.
    page.tell(100.0, "submit", json!({}));
    page.tell(160.0, "completed", json!({}));
    let events = page.events();
    assert_eq!(events[1].properties, json!({"finishReason": "natural", "totalMs": 60, "turnIndex": 1}));
}

#[test]
fn an_end_without_a_turn_and_a_second_end_are_nothing() {
    let mut page = Page::default();
    for signal in ["completed", "stop", "chunk", "firstToken", "painted", "disconnected", "reconnected"] {
        page.tell(1.0, signal, json!({}));
    }
    assert_eq!(page.names(), [""; 0]);
    page.tell(2.0, "submit", json!({}));
    page.tell(3.0, "completed", json!({}));
    page.tell(4.0, "completed", json!({}));
    page.tell(5.0, "stop", json!({}));
    assert_eq!(page.names(), ["user_message_sent", "assistant_response_completed"]);
}

#[test]
fn signals_of_another_stream_or_response_are_not_this_turns() {
    let mut page = Page::default();
    page.tell(0.0, "submit", json!({}));
    page.tell(1.0, "responseStarted", json!({"stream": 1}));
    page.tell(2.0, "submit", json!({}));
    page.tell(3.0, "responseStarted", json!({"stream": 2, "responseId": "b"}));
    page.names();
    page.tell(4.0, "completed", json!({"stream": 1}));
    page.tell(4.0, "chunk", json!({"responseId": "a"}));
    assert_eq!(page.names(), [""; 0]);
    page.tell(5.0, "completed", json!({"stream": 2}));
    assert_eq!(page.names(), ["assistant_response_completed"]);
}

#[test]
fn a_turn_is_abandoned_for_the_next_one_for_another_thread_and_with_the_page() {
    let mut page = Page::default();
    page.tell(0.0, "submit", json!({}));
    page.tell(10.0, "submit", json!({}));
    page.tell(20.0, "firstToken", json!({}));
    page.tell(25.0, "threadChanged", json!({"conversationId": "d"}));
    page.tell(30.0, "submit", json!({}));
    page.chats.leave(70.0);
    page.chats.leave(80.0);
    let abandoned: Vec<_> = page.events().into_iter().filter(|e| e.name == "turn_abandoned").collect();
    let told: Vec<_> =
        abandoned.iter().map(|e| (e.conversation.as_deref().unwrap(), &e.properties)).collect();
    assert_eq!(
        told,
        [
            ("c", &json!({"phase": "before_first_token", "waitedMs": 10, "turnIndex": 0})),
            ("c", &json!({"phase": "streaming", "waitedMs": 15, "turnIndex": 1})),
            ("d", &json!({"phase": "before_first_token", "waitedMs": 40, "turnIndex": 0})),
        ]
    );
}

#[test]
fn another_response_to_the_same_message_is_the_same_turn() {
    let mut page = Page::default();
    page.tell(0.0, "submit", json!({}));
    page.tell(10.0, "completed", json!({}));
    page.tell(100.0, "regenerate", json!({}));
    page.tell(130.0, "firstToken", json!({}));
    page.tell(140.0, "regenerate", json!({}));
    page.tell(150.0, "stop", json!({}));
    let events = page.events();
    let names: Vec<_> = events.iter().map(|e| e.name).collect();
    assert_eq!(
        names,
        [
            "user_message_sent",
            "assistant_response_completed",
            "regenerate_requested",
            "assistant_response_first_token",
            "turn_abandoned",
            "regenerate_requested",
            "stream_stopped",
            "assistant_response_completed",
        ]
    );
    assert!(events.iter().all(|e| e.turn == Some(0)));
    assert_eq!(events[3].number("ttftMs"), Some(30.0), "from the request");
    assert_eq!(events[7].properties["finishReason"], "stopped");
    // A retry of a message nobody saw being sent.
    page.tell_chat("fresh", 0.0, "regenerate", json!({}));
    page.tell_chat("fresh", 5.0, "submit", json!({}));
    let turns: Vec<_> = page.events().iter().map(|e| e.turn).collect();
    assert_eq!(turns, [Some(0), Some(0), Some(1)]);
}

#[test]
fn pauses_that_are_felt_are_stalls_and_waiting_for_a_tool_is_none() {
    let mut page = Page::default();
    page.tell(0.0, "submit", json!({}));
    page.tell(0.0, "responseStarted", json!({}));
    page.tell(9_000.0, "firstToken", json!({}));
    page.tell(9_000.0, "chunk", json!({}));
    page.tell(9_000.0 + STALL_MS, "chunk", json!({}));
    page.tell(12_000.0, "toolCalled", json!({"toolName": "t", "toolCallId": "1"}));
    page.tell(72_000.0, "toolFinished", json!({"toolCallId": "1"}));
    page.tell(75_500.0, "chunk", json!({"count": 3, "from": 75_000.0}));
    page.tell(90_000.0, "completed", json!({}));
    page.chats.settle();
    let events = page.events();
    let stalled = &events[events.len() - 2];
    assert_eq!(
        (stalled.name, &stalled.properties),
        ("response_stalled", &json!({"stallCount": 2, "longestStallMs": 3_000, "turnIndex": 0}))
    );
    let completed = &events[events.len() - 1];
    assert_eq!(
        (completed.number("stallCount"), completed.number("longestStallMs")),
        (Some(2.0), Some(3_000.0))
    );
    // Silence until the visitor gave up was felt too.
    page.tell(100_000.0, "submit", json!({}));
    page.tell(100_100.0, "firstToken", json!({}));
    page.tell(105_100.0, "stop", json!({}));
    assert_eq!(page.events().last().unwrap().number("longestStallMs"), Some(5_000.0));
}

#[test]
fn a_hidden_page_paints_nothing_and_its_time_is_told() {
    let mut page = Page::default();
    page.tell(0.0, "submit", json!({}));
    page.tell(100.0, "firstToken", json!({}));
    page.chats.set_hidden(true, 105.0);
    page.chats.set_hidden(true, 150.0);
    page.chats.set_hidden(false, 305.0);
    page.tell(310.0, "painted", json!({}));
    page.tell(400.0, "completed", json!({}));
    let events = page.events();
    assert_eq!(events[1].properties["unpainted"], "hidden");
    assert_eq!((events[1].number("ttftMs"), events[1].number("visibleMs")), (Some(100.0), None));
    assert_eq!(events[2].number("hiddenMs"), Some(200.0));
    // Begun and ended behind another tab.
    page.chats.set_hidden(true, 500.0);
    page.tell(600.0, "submit", json!({}));
    page.tell(700.0, "firstToken", json!({}));
    page.tell(700.0, "unpainted", json!({}));
    page.tell(800.0, "completed", json!({}));
    let events = page.events();
    assert_eq!(events[1].properties["unpainted"], "hidden");
    assert_eq!(events[2].number("hiddenMs"), Some(200.0));
}

#[test]
fn a_whole_reply_is_told_with_the_frame_that_shows_it() {
    let mut page = Page::default();
    let whole = |page: &mut Page, at: f64| {
        page.tell(at, "submit", json!({}));
        page.tell(at + 100.0, "responseStarted", json!({"responseId": "r"}));
        page.tell(at + 100.0, "firstToken", json!({}));
        page.tell(at + 100.0, "completed", json!({"messageId": "m"}));
    };
    whole(&mut page, 0.0);
    assert_eq!(page.names(), ["user_message_sent", "assistant_response_started"], "the end waits");
    page.tell(116.0, "painted", json!({}));
    let events = page.events();
    let told: Vec<_> = events.iter().map(|e| (e.name, e.at, e.number("visibleMs"))).collect();
    assert_eq!(
        told,
        [
            ("assistant_response_first_token", 100.0, Some(116.0)),
            ("assistant_response_completed", 100.0, None)
        ]
    );
    assert_eq!(events[1].number("totalMs"), Some(100.0), "until the end, not until it was told");
    page.tell(1_100.0, "painted", json!({}));
    assert_eq!(page.names(), [""; 0]);

    // Whatever happens next does not wait for the frame.
    let ends = ["assistant_response_first_token", "assistant_response_completed"];
    for what in ["submit", "another thread", "hidden", "left", "asked"] {
        let mut page = Page::default();
        whole(&mut page, 2_000.0);
        page.names();
        match what {
            "submit" => page.tell(2_101.0, "submit", json!({})),
            "another thread" => page.tell(2_101.0, "threadChanged", json!({"conversationId": "d"})),
            "hidden" => page.chats.set_hidden(true, 2_101.0),
            "left" => page.chats.leave(2_101.0),
            _ => page.chats.settle(),
        }
        let events = page.events();
        assert_eq!([events[0].name, events[1].name], ends, "{what}");
        assert_eq!(events.get(2).map(|e| e.name), (what == "submit").then_some("user_message_sent"));
        assert_eq!(events[0].number("visibleMs"), None, "{what}");
        assert_eq!(events[0].properties.get("unpainted").is_some(), what == "hidden", "{what}");
    }
}

#[test]
fn no_duration_spans_sleep() {
    let mut page = Page::default();
    page.tell(0.0, "submit", json!({}));
    page.tell(10.0, "responseStarted", json!({}));
    page.tell(20.0, "firstToken", json!({}));
    page.chats.tick(5_000.0);
    page.chats.tick(7_200_000.0);
    page.tell(7_200_001.0, "chunk", json!({}));
    page.tell(7_200_002.0, "completed", json!({}));
    page.chats.settle();
    let events = page.events();
    assert_eq!(events[2].number("ttftMs"), Some(20.0));
    assert_eq!(events[3].properties, json!({"finishReason": "natural", "chunkCount": 1, "turnIndex": 0}));
}

#[test]
fn a_broken_connection_is_told_once_and_its_outage_measured() {
    let mut page = Page::default();
    page.tell(0.0, "submit", json!({}));
    page.tell(1.0, "responseStarted", json!({}));
    page.names();
    page.tell(10.0, "disconnected", json!({"willRetry": true}));
    page.tell(20.0, "disconnected", json!({"willRetry": true}));
    page.tell(35.0, "reconnected", json!({}));
    page.tell(36.0, "reconnected", json!({}));
    page.tell(40.0, "disconnected", json!({"willRetry": false}));
    let events = page.events();
    let told: Vec<_> = events.iter().map(|e| (e.name, e.number("outageMs"))).collect();
    assert_eq!(
        told,
        [
            ("transport_disconnected", None),
            ("transport_reconnected", Some(25.0)),
            ("session_resumed", None),
            ("assistant_response_completed", None),
        ]
    );
    assert_eq!(events[3].properties["finishReason"], "errored");
}

#[test]
fn an_error_is_seen_and_ends_the_turn_unless_it_is_mild() {
    let mut page = Page::default();
    page.tell(0.0, "submit", json!({}));
    page.tell(1.0, "error", json!({"errorCode": "slow", "severity": "warning"}));
    page.tell(2.0, "error", json!({"errorCode": "http_500", "shown": false}));
    let events = page.events();
    let names: Vec<_> = events.iter().map(|e| e.name).collect();
    assert_eq!(names, ["user_message_sent", "error_shown", "assistant_response_completed"]);
    assert_eq!(events[2].properties["errorCode"], "http_500");
    page.tell(3.0, "error", json!({"errorCode": "late"}));
    assert_eq!(page.names(), ["error_shown"]);
}

#[test]
fn finish_reasons_of_models_are_natural_ends() {
    for (given, told) in [
        ("stop", "natural"),
        ("length", "natural"),
        ("tool-calls", "natural"),
        ("aborted", "aborted"),
        ("error", "errored"),
        ("cancelled", "stopped"),
    ] {
        let mut page = Page::default();
        page.tell(0.0, "submit", json!({}));
        page.tell(1.0, "completed", json!({"finishReason": given}));
        assert_eq!(page.events()[1].properties["finishReason"], told, "{given}");
    }
}

#[test]
fn a_trace_is_on_everything_after_it_feedback_after_a_reload_included() {
    let mut page = Page::default();
    page.tell(0.0, "submit", json!({}));
    page.tell(1.0, "trace", json!({"traceId": TRACE, "spanId": "b7ad6b7169203331", "runId": "run"}));
    page.tell(2.0, "trace", json!({"traceId": TRACE, "spanId": "b7ad6b7169203331", "runId": "run"}));
    page.tell(3.0, "completed", json!({"messageId": "m1", "responseId": "r1"}));
    page.tell(4.0, "submit", json!({}));
    page.tell(5.0, "action", json!({"action": "like", "messageId": "m1"}));
    let events = page.events();
    let told: Vec<_> = events.iter().map(|e| (e.name, e.trace.is_some(), e.turn)).collect();
    assert_eq!(
        told,
        [
            ("user_message_sent", false, Some(0)),
            ("trace_linked", true, Some(0)),
            ("assistant_response_completed", true, Some(0)),
            ("user_message_sent", false, Some(1)),
            ("message_action", true, Some(0)),
        ]
    );
    let mut reloaded = Page::default();
    reloaded.chats.shared.memory.absorb(&page.chats.shared.memory.encode("s"), "s");
    reloaded.tell(0.0, "action", json!({"action": "copy", "messageId": "m1"}));
    reloaded.tell(1.0, "submit", json!({}));
    let events = reloaded.events();
    assert_eq!(
        (events[0].trace.as_deref(), events[0].turn, events[0].response.as_deref()),
        (Some(TRACE), Some(0), Some("r1"))
    );
    assert_eq!(events[1].turn, Some(2), "turns go on counting");
}

#[test]
fn a_chat_without_an_id_takes_the_one_it_gets_in_mid_turn() {
    let mut page = Page::default();
    page.tell_chat("", 0.0, "submit", json!({}));
    page.tell_chat("", 1.0, "threadChanged", json!({"conversationId": "c9"}));
    page.tell_chat("", 2.0, "completed", json!({}));
    page.tell_chat("c9", 3.0, "submit", json!({}));
    let events = page.events();
    let told: Vec<_> = events.iter().map(|e| (e.name, e.turn, e.conversation.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("user_message_sent", Some(0), None),
            ("assistant_response_completed", Some(0), Some("c9")),
            ("user_message_sent", Some(1), Some("c9")),
        ]
    );
    page.tell_chat("", 4.0, "threadChanged", json!({"conversationId": null}));
    page.tell_chat("", 5.0, "submit", json!({}));
    let events = page.events();
    assert_eq!((events[0].name, events[1].turn, &events[1].conversation), ("turn_abandoned", Some(0), &None));
}

#[test]
fn two_chats_on_one_page_have_their_own_turns() {
    let mut page = Page::default();
    page.tell_chat("#a", 0.0, "submit", json!({}));
    page.tell_chat("#b", 1.0, "submit", json!({}));
    page.tell_chat("#b", 2.0, "submit", json!({}));
    page.tell_chat("#a", 3.0, "completed", json!({}));
    let told: Vec<_> = page.events().iter().map(|e| (e.name, e.turn)).collect();
    assert_eq!(
        told,
        [
            ("user_message_sent", Some(0)),
            ("user_message_sent", Some(0)),
            ("turn_abandoned", Some(0)),
            ("user_message_sent", Some(1)),
            ("assistant_response_completed", Some(0)),
        ]
    );
}
