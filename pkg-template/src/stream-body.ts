/** What passes through a body, told the moment the page itself gets it. */
export interface BodyWatch {
  /** Bytes were read. They belong to the page: look, keep nothing. */
  bytes(chunk: Uint8Array): void;
  /** The whole body was read at once, by `text()` or `json()`. */
  whole(value: unknown): void;
  /** The body was read to its end. */
  end(): void;
  /** Reading failed. */
  failed(error: unknown): void;
  /** The page wants no more of it. */
  cancelled(): void;
}

/** Tells one watch what several branches of a body do, once: the first branch that is read speaks for all. */
type Teller = (tell: (watch: BodyWatch) => void) => void;

/**
 * Watches what the page reads of a response, without reading anything itself. The response stays the same object: no
 * clone, no tee, no buffer. What the page calls on it is passed on as it is, and answered with the same promises; the
 * one exception is `pipeTo` and `pipeThrough`, which read behind the page's back: there a stream without a queue of its
 * own passes each chunk on. Where something is unusual the response is left alone, and `false` is returned.
 */
export function watchBody(response: Response, watch: BodyWatch): boolean {
  const body = response.body;
  if (!body || body.locked || response.bodyUsed) return false;
  let speaker: object | undefined;
  const branch = (): Teller => {
    const self = {};
    return (tell) => {
      if ((speaker ??= self) !== self) return;
      try {
        tell(watch);
      } catch {
        // Ours to lose, not the page's.
      }
    };
  };
  watchResponse(response, branch);
  return true;
}

/** What passes through a stream of values. */
export interface ChunkWatch extends Pick<BodyWatch, "end" | "failed" | "cancelled"> {
  chunk(value: unknown): void;
}

/** Watches what the page reads of any stream, as {@link watchBody} does with a response. */
export function watchChunks(stream: ReadableStream<unknown>, { chunk, ...rest }: ChunkWatch): void {
  const watch: BodyWatch = { bytes: chunk, whole() {}, ...rest };
  watchStream(stream as ReadableStream<Uint8Array>, (tell) => {
    try {
      tell(watch);
    } catch {
      // Ours to lose, not the page's.
    }
  });
}

function watchResponse(response: Response, branch: () => Teller): void {
  const tell = branch();
  if (response.body) watchStream(response.body, tell);
  for (const name of ["text", "json", "arrayBuffer", "blob", "formData", "bytes"] as const) {
    replace(response, name, (original) => (...args) => {
      const result = original(...args) as Promise<unknown>;
      result.then(
        (value) => {
          tell((watch) => watch.whole(value));
          tell((watch) => watch.end());
        },
        (error) => tell((watch) => watch.failed(error)),
      );
      return result;
    });
  }
  replace(response, "clone", (original) => () => {
    const copy = original() as Response;
    // Cloning gives the response another body.
    if (response.body) watchStream(response.body, branch());
    watchResponse(copy, branch);
    return copy;
  });
}

function watchStream(stream: ReadableStream<Uint8Array>, tell: Teller): void {
  const getReader = stream.getReader.bind(stream);
  const cancelled = () => tell((watch) => watch.cancelled());
  const seen = (result: Promise<ReadableStreamReadResult<Uint8Array>>) => {
    result.then(
      ({ done, value }) => tell((watch) => (done ? watch.end() : watch.bytes(value))),
      (error) => tell((watch) => watch.failed(error)),
    );
    return result;
  };

  replace(stream, "getReader", (original) => (...args) => {
    const reader = original(...args) as ReadableStreamDefaultReader<Uint8Array>;
    replace(reader, "read", (read) => (...view) => seen(read(...view) as Promise<never>));
    replace(reader, "cancel", (cancel) => (...reason) => (cancelled(), cancel(...reason)));
    return reader;
  });
  replace(stream, "cancel", (original) => (...reason) => (cancelled(), original(...reason)));
  for (const name of ["values", Symbol.asyncIterator] as const) {
    replace(stream, name as "values", (original) => (...args) => {
      const iterator = original(...args) as AsyncIterator<Uint8Array>;
      replace(iterator, "next", (next) => () => seen(next() as Promise<never>));
      replace(iterator, "return", (end) => (...value) => (cancelled(), end(...value)));
      return iterator;
    });
  }
  replace(stream, "tee", (original) => () => {
    const branches = original() as [ReadableStream<Uint8Array>, ReadableStream<Uint8Array>];
    let speaker: object | undefined;
    for (const one of branches) watchStream(one, (act) => (speaker ??= one) === one && tell(act));
    return branches;
  });

  // Passes chunks on one by one, when they are asked for: a queue would read ahead of the page. `over` is called at the
  // end of all reading.
  const relay = (over: (release: () => void) => void): [ReadableStream<Uint8Array>, release: () => void] => {
    const reader = getReader();
    const release = () => reader.releaseLock();
    const through = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const { done, value } = await seen(reader.read());
          if (!done) return controller.enqueue(value);
          controller.close();
          over(release);
        },
        async cancel(reason) {
          cancelled();
          await reader.cancel(reason);
          over(release);
        },
      },
      { highWaterMark: 0 },
    );
    return [through, release];
  };
  replace(stream, "pipeThrough", (original) => (transform, options) => {
    if (stream.locked || (options as StreamPipeOptions)?.preventCancel) return original(transform, options);
    // The browser gives the body back a moment after the other end is closed.
    const [through, release] = relay((release) => setTimeout(release));
    try {
      return through.pipeThrough(transform as ReadableWritablePair<never, Uint8Array>, options as StreamPipeOptions);
    } catch (error) {
      release();
      throw error;
    }
  });
  replace(stream, "pipeTo", (original) => (destination, options) => {
    if (stream.locked || (options as StreamPipeOptions)?.preventCancel) return original(destination, options);
    const [through, release] = relay(() => {});
    const result = through.pipeTo(destination as WritableStream<Uint8Array>, options as StreamPipeOptions);
    result.then(release, release);
    return result;
  });
}

/** Puts a wrapper over one object's method; its class, and every other object, stays as it is. */
function replace<T extends object>(target: T, name: keyof T, wrap: (original: (...args: unknown[]) => unknown) => (...args: unknown[]) => unknown): void {
  const original = target[name];
  if (typeof original !== "function") return;
  const wrapped = wrap(original.bind(target));
  Object.defineProperty(target, name, { value: wrapped, writable: true, configurable: true, enumerable: false });
}
