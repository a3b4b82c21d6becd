/** The page without any tracker: what all others are measured above. */
export default { name: "Blank page" };
