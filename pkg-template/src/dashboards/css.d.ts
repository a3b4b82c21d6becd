/** Style sheets are imported as their text: the widgets bring their styles along. */
declare module "*.css" {
  const text: string;
  export default text;
}
