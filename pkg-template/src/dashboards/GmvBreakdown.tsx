import { useMemo, useState } from "react";
import { computeGmv } from "../metrics.js";
import type { Gmv, Report, Revenue } from "../metrics.types.js";
import { Choice } from "./Choice.js";
import { Bars } from "./charts/Bars.js";
import { Columns } from "./charts/Columns.js";
import { Figures } from "./charts/Figures.js";
import { type MetricProps, MetricWidget } from "./Widget.js";
import { formatCount, formatMany, formatMoney, formatShare, formatStep } from "./format.js";

const VIEWS = [
  { value: "day", label: "Time" },
  { value: "category", label: "Category" },
  { value: "currency", label: "Currency" },
] as const;
type View = (typeof VIEWS)[number]["value"];

export interface GmvBreakdownProps extends MetricProps<Report<Gmv>> {
  /** What to break the revenue down by to begin with. */
  by?: View;
}

/** What was bought, in each currency for itself: amounts of different currencies are never added. */
export function GmvBreakdown({ by = "day", options, ...props }: GmvBreakdownProps) {
  const [view, setView] = useState<View>(by);
  const asked = useMemo(() => ({ ...options, groupByCategory: true }), [options]);
  return (
    <MetricWidget
      {...props}
      options={asked}
      title={props.title ?? "Revenue"}
      compute={computeGmv}
      isEmpty={({ orders }) => orders === 0}
      empty="Nothing was bought in this time."
      actions={<Choice label="Revenue by" options={VIEWS} value={view} onChoose={setView} />}
    >
      {(report) => <Breakdown report={report} view={view} />}
    </MetricWidget>
  );
}

function Breakdown({ report, view }: { report: Report<Gmv>; view: View }) {
  // The currency with most orders first: amounts of two currencies cannot be compared.
  const currencies = Object.keys(report.byCurrency).sort((a, b) => ordersIn(report, b) - ordersIn(report, a));
  const [wanted, setWanted] = useState<string | null>(null);
  const currency = wanted !== null && currencies.includes(wanted) ? wanted : (currencies[0] ?? "");
  const revenue = report.byCurrency[currency];
  if (!revenue) return null;
  return (
    <>
      <Figures
        figures={[
          { label: `Total, ${currency}`, value: revenue.total, format: (amount) => formatMoney(amount, currency), note: formatMany(revenue.orders, "order") },
          { label: "Mean order", value: revenue.aov, format: (amount) => formatMoney(amount, currency) },
          { label: "Conversion", value: report.conversion, format: formatShare, note: `${formatCount(report.buyers)} of ${formatMany(report.sessions, "session")}` },
        ]}
      />
      {currencies.length > 1 && view !== "currency" && (
        <div className="cv-row-of-choices">
          <Choice label="Currency" options={currencies.map((code) => ({ value: code, label: code }))} value={currency} onChoose={setWanted} />
        </div>
      )}
      {view === "day" && <ByDay report={report} currency={currency} />}
      {view === "category" && <ByCategory revenue={revenue} currency={currency} />}
      {view === "currency" && <ByCurrency report={report} currencies={currencies} />}
    </>
  );
}

const ordersIn = (report: Report<Gmv>, currency: string): number => report.byCurrency[currency]?.orders ?? 0;

function ByDay({ report: { trend, interval }, currency }: { report: Report<Gmv>; currency: string }) {
  return (
    <Columns
      label={`Revenue in ${currency} over time`}
      heads={[interval === "day" ? "Day (UTC)" : "Hour", "Revenue"]}
      columns={trend.map(({ start, byCurrency }) => ({ label: formatStep(start, interval), value: byCurrency[currency]?.total ?? 0 }))}
      format={(amount) => formatMoney(amount, currency)}
    />
  );
}

function ByCategory({ revenue, currency }: { revenue: Revenue; currency: string }) {
  const rows = revenue.byCategory ?? [];
  if (rows.length === 0) return <p className="cv-empty">The orders name no items.</p>;
  const most = Math.max(...rows.map(({ total }) => total));
  return (
    <Bars
      caption={`Revenue in ${currency} by category`}
      heads={["Category", "Revenue"]}
      bars={rows.map(({ key, total }) => ({ label: key, share: most > 0 ? total / most : 0, value: formatMoney(total, currency) }))}
    />
  );
}

/** Bars by orders, which can be compared; the amounts beside them cannot. */
function ByCurrency({ report, currencies }: { report: Report<Gmv>; currencies: string[] }) {
  return (
    <Bars
      caption="Orders and revenue by currency"
      heads={["Currency", "Revenue", "Orders"]}
      bars={currencies.map((currency) => ({
        label: currency,
        share: ordersIn(report, currency) / report.orders,
        value: formatMoney(report.byCurrency[currency]?.total ?? 0, currency),
        note: formatMany(ordersIn(report, currency), "order"),
      }))}
    />
  );
}
