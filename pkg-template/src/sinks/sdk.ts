declare const CHATVITALS_VERSION: string;

/** Who speaks. */
export const SDK = { name: "chatvitals", version: CHATVITALS_VERSION };
