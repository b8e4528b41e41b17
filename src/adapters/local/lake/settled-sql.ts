/**
 * `settleStored` (core/history/settle-stored.ts) as a query, for more identities than there is room for objects: over
 * a relation of stored readings with the number of their source, where a higher source counts as given later.
 */
export const settledSql = (relation: string): string => `
  WITH copies AS (SELECT *, coalesce(confirmed, received) AS upto FROM ${relation}),
  winners AS (
    SELECT device, measure, ts, max(upto) AS newest,
      arg_max({'value': value, 'text': text, 'quality': quality, 'received': received}, (upto, source)) AS w
    FROM copies GROUP BY device, measure, ts),
  judged AS (
    SELECT *, value IS NOT DISTINCT FROM w.value AND text IS NOT DISTINCT FROM w.text AS same
    FROM copies JOIN winners USING (device, measure, ts)),
  cuts AS (
    SELECT *, max(upto) FILTER (NOT same) OVER (PARTITION BY device, measure, ts) AS cut FROM judged),
  firsts AS (
    SELECT device, measure, ts, any_value(w) AS w, any_value(newest) AS newest,
      arg_min({'quality': quality, 'received': received}, (received, source))
        FILTER (same AND (cut IS NULL OR received > cut)) AS f
    FROM cuts GROUP BY device, measure, ts)
  SELECT device, measure, ts, w.value AS value, w.text AS text,
    CASE WHEN f.received < w.received THEN f.quality ELSE w.quality END AS quality,
    least(f.received, w.received) AS received,
    CASE WHEN newest > least(f.received, w.received) THEN newest END AS confirmed
  FROM firsts`
