/** A variable that `cargo xtask test` sets. */
export function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; run the tests by \`cargo xtask test e2e\``);
  return value;
}
