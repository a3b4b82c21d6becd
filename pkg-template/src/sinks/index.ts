export { anosysSink, type AnosysOptions } from "./anosys.js";
export { consoleSink, type ConsoleLevel } from "./console.js";
export { ga4Sink, type Ga4Options } from "./ga4.js";
export { httpSink, type HttpOptions } from "./http.js";
export { mixpanelSink } from "./mixpanel.js";
export { otlpSink, type Attributes, type Mapped, type OtlpOptions } from "./otlp.js";
export type { DeliveryOptions } from "./outbox.js";
export { segmentSink } from "./segment.js";
export { details, globalWith, vendorSink, type VendorOptions } from "./vendor.js";
