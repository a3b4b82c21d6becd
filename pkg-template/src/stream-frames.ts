/** A line longer than this is passed over, characters: what we look for is small. */
const MAX_LINE = 256 * 1024;

/** Takes the text of a stream apart into messages: server-sent events, or JSON by the line. */
export interface Frames {
  push(bytes: Uint8Array): void;
  text(text: string): void;
  end(): void;
}

/**
 * `frame` gets each message's JSON value, or `"[DONE]"`. `plain` is called for text that is no message at all, such as a
 * reply streamed as `text/plain`. Keeps one unfinished line, and nothing of what is behind it.
 */
export function createFrames(frame: (value: unknown) => void, plain: (text: string) => void): Frames {
  const decoder = new TextDecoder();
  let isPlain: boolean | undefined;
  let rest = "";
  let tooLong = false;
  let data = "";

  const dispatch = (json: string): void => {
    if (json === "[DONE]") return frame(json);
    if (!/^[{["]/.test(json)) return;
    let value: unknown;
    try {
      value = JSON.parse(json);
    } catch {
      return; // Not a message after all.
    }
    frame(value);
  };
  const line = (text: string): void => {
    if (text.startsWith("data:")) {
      data += (data && "\n") + text.slice(5).trim();
    } else if (text === "") {
      if (data) dispatch(data);
      data = "";
    } else if (text[0] === "{") {
      dispatch(text);
    }
  };
  const take = (text: string): void => {
    if (!text) return;
    isPlain ??= !/^\s*([{[:]|data:|event:|id:|retry:)/.test(text);
    if (isPlain) return plain(text);
    let from = 0;
    for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
      const whole = rest + text.slice(from, at);
      if (!tooLong) line(whole.trim());
      rest = "";
      tooLong = false;
      from = at + 1;
    }
    rest = tooLong ? "" : rest + text.slice(from);
    if (rest.length > MAX_LINE) {
      rest = "";
      tooLong = true;
    }
  };
  return {
    push: (bytes) => take(decoder.decode(bytes, { stream: true })),
    text: take,
    end: () => {
      take(decoder.decode());
      if (rest) line(rest.trim());
      rest = "";
      line("");
    },
  };
}
