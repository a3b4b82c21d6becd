import instantiate from "chatvitals-module";

/**
 * Stands in for `WebAssembly` in the fallback's glue (the build puts it there): the module is JavaScript, made by
 * wasm2js, and "instantiating" it is calling one function.
 */
export const StandIn = {
  Module: class {},
  Instance: class {
    exports: object;
    constructor(_module: unknown, imports: object) {
      this.exports = instantiate(imports);
    }
  },
};
