//! What the assistant of the demo does: canned answers with the delays of a real one.

/// One thing the assistant does.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// It does nothing for so long, ms.
    Wait(u64),
    /// A piece of its answer.
    Text(String),
    /// It asks a tool, which takes so long, ms.
    Tool(&'static str, u64),
    /// It shows kites, by their names in the catalogue.
    Products(&'static [&'static str]),
    /// It suggests what to say next.
    Chips(&'static [&'static str]),
    /// Where a handoff to a person stands.
    Handoff(&'static str),
    /// It asks for a rating.
    Rating,
    /// It fails.
    Failure(&'static str),
}

/// A word takes so long, ms: about the pace of a fast model.
const PER_WORD_MS: u64 = 38;
/// Before the first word, ms.
const THINKING_MS: u64 = 420;

const GREETING: &[&str] =
    &["A light breeze", "Strong wind at the beach", "Where is my order?", "Talk to a person"];
const AFTERWARDS: &[&str] = &["Thank you", "Show me a slow answer", "Show me an error"];

/// The answer to a prompt, by the first topic it mentions.
pub fn answer(prompt: &str) -> Vec<Step> {
    let prompt = prompt.to_lowercase();
    let mentions = |words: &[&str]| words.iter().any(|word| prompt.contains(word));
    let mut steps = vec![Step::Wait(THINKING_MS)];
    if mentions(&["again"]) {
        say(&mut steps, "Here I am again, and sorry about that. What can I look up for you?");
        steps.push(Step::Chips(GREETING));
    } else if mentions(&["error", "broken", "fail"]) {
        say(&mut steps, "Let me look that up in");
        steps.push(Step::Failure("loft_unreachable"));
    } else if mentions(&["slow", "think"]) {
        say(&mut steps, "That is a good question, and it needs a moment.");
        steps.push(Step::Wait(3_400));
        say(&mut steps, "There. A pause like that one shows on the dashboard as a stall.");
        steps.push(Step::Chips(AFTERWARDS));
    } else if mentions(&["person", "human", "somebody", "agent"]) {
        say(&mut steps, "Of course. I am calling the loft.");
        steps.extend([Step::Handoff("requested"), Step::Wait(2_200), Step::Handoff("accepted")]);
        say(&mut steps, "Mara here, from the loft. What can I do for you?");
        steps.push(Step::Chips(&["Thank you", "A light breeze"]));
    } else if mentions(&["thank", "bye", "solved"]) {
        steps.push(Step::Handoff("completed"));
        say(&mut steps, "You are welcome. Good wind! How did we do?");
        steps.push(Step::Rating);
    } else if mentions(&["order", "delivery", "parcel"]) {
        steps.push(Step::Tool("look_up_order", 1_100));
        say(&mut steps, "Your parcel left the harbour this morning and should be with you in two days.");
        steps.push(Step::Chips(&["Thank you", "Talk to a person"]));
    } else if mentions(&["strong", "beach", "storm", "gale"]) {
        steps.push(Step::Tool("check_wind", 750));
        say(&mut steps, "With 35 km/h and more on the beach, take a kite that stands still in it.");
        steps.extend([Step::Products(&["lantern", "rook"]), Step::Chips(AFTERWARDS)]);
    } else if mentions(&["light", "breeze", "calm", "wind", "kite", "recommend"]) {
        steps.push(Step::Tool("check_wind", 750));
        say(&mut steps, "For a breeze you only feel on a wet finger there are two that I would pack.");
        steps.extend([Step::Products(&["heron", "moth"]), Step::Chips(AFTERWARDS)]);
    } else {
        say(&mut steps, "Hello from the loft. Which wind do you have, or what can I look up for you?");
        steps.push(Step::Chips(GREETING));
    }
    steps
}

fn say(steps: &mut Vec<Step>, text: &str) {
    for word in text.split_inclusive(' ') {
        steps.extend([Step::Wait(PER_WORD_MS), Step::Text(word.into())]);
    }
    steps.push(Step::Text(" ".into()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suggestion_leads_to_an_answer_of_its_own() {
        let fallback = answer("something else");
        let suggested = [GREETING, AFTERWARDS].concat();
        for chip in suggested {
            assert_ne!(answer(chip), fallback, "{chip}");
        }
    }

    #[test]
    fn the_wind_on_the_beach_is_not_a_breeze() {
        assert!(answer("Strong wind at the beach").contains(&Step::Products(&["lantern", "rook"])));
        assert!(answer("a LIGHT breeze").contains(&Step::Products(&["heron", "moth"])));
    }
}
