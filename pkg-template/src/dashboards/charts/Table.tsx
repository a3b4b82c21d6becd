export interface TableProps {
  caption: string;
  columns: readonly string[];
  /** The first cell of each row is its head. */
  rows: readonly (readonly string[])[];
}

/** A chart's numbers as a table, folded away: for those who do not see the chart, and for those who copy. */
export function Table({ caption, columns, rows }: TableProps) {
  return (
    <details className="cv-fold">
      <summary>As a table</summary>
      <div className="cv-scroll" tabIndex={0} role="group" aria-label={caption}>
        <DataTable caption={caption} columns={columns} rows={rows} />
      </div>
    </details>
  );
}

/** A table of texts and numbers, the numbers to the right. */
export function DataTable({ caption, columns, rows }: TableProps) {
  return (
    <table className="cv-table">
      <caption className="cv-unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells, row) => (
          <tr key={row}>
            {cells.map((cell, at) =>
              at === 0 ? (
                <th key={at} scope="row" title={cell}>
                  <bdi>{cell}</bdi>
                </th>
              ) : (
                <td key={at}>{cell}</td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
