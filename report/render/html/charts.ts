import { h, type Element, type Node } from "../../../pages/tree";
import type { Aggregates, Tally } from "../../model";
import { isWorkingTime } from "../../aggregate";
import type { WorkingHours } from "../../model";
import { wide } from "./wide";

/** Drawings of numbers. Each has a title and a description, and beside it stands a table of the same numbers. */

const number = (value: number): string => value.toLocaleString("en-US");
const attributes = (values: Readonly<Record<string, number>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, String(Math.round(value * 100) / 100)]),
  );

/** What a chart is made from. */
interface Figure {
  readonly id: string;
  readonly title: string;
  /** What a reader who does not see the drawing must know. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly drawing: readonly Node[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function figure({ id, title, description, width, height, drawing, columns, rows }: Figure): Element {
  const [name, words] = [`${id}-title`, `${id}-description`];
  return h(
    "figure",
    { class: "figure", id },
    h("h3", {}, title),
    h("p", { class: "about" }, description),
    h(
      "div",
      { class: "drawing", tabindex: "0", role: "group", "aria-label": `${title}: drawing` },
      h(
        "svg",
        {
          class: "chart",
          role: "img",
          viewBox: `0 0 ${width} ${height}`,
          "aria-labelledby": `${name} ${words}`,
        },
        h("title", { id: name }, title),
        h("desc", { id: words }, description),
        ...drawing,
      ),
    ),
    h("details", {}, h("summary", {}, "The numbers as a table"), wide(title, table(title, columns, rows))),
  );
}

const table = (title: string, columns: readonly string[], rows: readonly (readonly string[])[]): Element =>
  h(
    "table",
    { class: "numbers" },
    h("caption", { class: "unseen" }, title),
    h("thead", {}, h("tr", {}, ...columns.map((column) => h("th", { scope: "col" }, column)))),
    h(
      "tbody",
      {},
      ...rows.map(([first, ...others]) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, first!),
          ...others.map((value) => h("td", { class: "number" }, value)),
        ),
      ),
    ),
  );

/** The greatest number on an axis: 1, 2 or 5 with zeros, and not below the greatest value. */
export function axisEnd(greatest: number): number {
  if (greatest <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(greatest));
  return [1, 2, 5, 10].map((step) => step * power).find((end) => end >= greatest)!;
}

const tallyColumns = ["Sessions", "Alarms", "Warnings and gaps"] as const;
const tallyCells = ({ sessions, alarms, warnings }: Tally): string[] =>
  [sessions, alarms, warnings].map(number);

const DAY = { width: 900, height: 220, left: 44, bottom: 26, top: 12 };
/** Labels of days that fit under the drawing. */
const LABELS = 10;

/** Sessions of each day, as bars in which alarms are at the bottom. */
export function perDay({ perDay: days }: Aggregates): Element {
  const { width, height, left, bottom, top } = DAY;
  const end = axisEnd(Math.max(0, ...days.map(({ sessions }) => sessions)));
  const [floor, room] = [height - bottom, height - bottom - top];
  const step = (width - left) / Math.max(1, days.length);
  const every = Math.max(1, Math.ceil(days.length / LABELS));
  const bars = days.map((day, index) => {
    const { sessions, alarms, warnings } = day;
    let y = floor;
    const part = (kind: string, count: number): Node[] => {
      if (count === 0) return [];
      const tall = (count / end) * room;
      y -= tall;
      const at = attributes({ x: left + index * step + step * 0.1, y, width: step * 0.8, height: tall });
      return [h("rect", { class: kind, ...at, "data-count": String(count) })];
    };
    return h(
      "g",
      { class: "bar", "data-key": day.key, "data-count": String(sessions) },
      h("title", {}, `${day.key}: ${tallyWords(day)}`),
      ...part("alarm", alarms),
      ...part("warning", warnings),
      ...part("other", sessions - alarms - warnings),
      ...(index % every === 0
        ? [
            h(
              "text",
              {
                class: "label",
                "text-anchor": "middle",
                ...attributes({ x: left + (index + 0.5) * step, y: height - 8 }),
              },
              day.key.slice(5),
            ),
          ]
        : []),
    );
  });
  const total = days.reduce((sum, { sessions }) => sum + sessions, 0);
  const busiest = [...days].sort((one, other) => other.sessions - one.sessions)[0];
  return figure({
    id: "per-day",
    title: "Sessions per day",
    width,
    height,
    description:
      busiest === undefined || busiest.sessions === 0
        ? "No session in the period."
        : `${number(total)} sessions on ${number(days.length)} days. Most of them on ${busiest.key}: ${number(busiest.sessions)}.`,
    drawing: [...axis(end, { left, right: width, floor, room }), ...bars],
    columns: ["Day", ...tallyColumns],
    rows: days.map((day) => [day.key, ...tallyCells(day)]),
  });
}

const axis = (end: number, at: { left: number; right: number; floor: number; room: number }): Node[] =>
  (end === 1 ? [0, 1] : [0, 0.5, 1]).flatMap((part) => {
    const y = at.floor - part * at.room;
    return [
      h("line", { class: "grid", ...attributes({ x1: at.left, x2: at.right, y1: y, y2: y }) }),
      h(
        "text",
        { class: "label", "text-anchor": "end", ...attributes({ x: at.left - 6, y: y + 4 }) },
        number(Math.round(end * part * 10) / 10),
      ),
    ];
  });

/** `12 sessions, 1 alarm, 2 warnings or gaps` */
export const tallyWords = ({ sessions, alarms, warnings }: Omit<Tally, "key">): string =>
  [
    `${number(sessions)} ${sessions === 1 ? "session" : "sessions"}`,
    ...(alarms > 0 ? [`${number(alarms)} ${alarms === 1 ? "alarm" : "alarms"}`] : []),
    ...(warnings > 0
      ? [`${number(warnings)} ${warnings === 1 ? "warning or gap" : "warnings or gaps"}`]
      : []),
  ].join(", ");

export const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;
const HEAT = { width: 900, cell: 30, left: 92, step: 33.6, top: 24 };
/** Shades of the heat map, beside that of no session. */
const SHADES = 5;

/** Sessions of each hour of the week. Hours in which people work have a frame. */
export function heatMap({ heatMap: weeks }: Aggregates, hours: WorkingHours, timeZone: string): Element {
  const { width, cell, left, step, top } = HEAT;
  const greatest = Math.max(0, ...weeks.flat());
  const cells = weeks.flatMap((day, weekday) => [
    h(
      "text",
      {
        class: "label",
        "text-anchor": "end",
        ...attributes({ x: left - 8, y: top + weekday * step + cell / 2 + 4 }),
      },
      WEEKDAYS[weekday]!,
    ),
    ...day.map((count, hour) => {
      const [x, y] = [left + hour * step, top + weekday * step];
      const works = isWorkingTime(hours, weekday + 1, hour);
      const shade = count === 0 ? 0 : Math.max(1, Math.ceil((count / greatest) * SHADES));
      return h(
        "g",
        {
          class: `cell shade-${shade}${works ? " works" : ""}`,
          "data-key": `${weekday + 1} ${hour}`,
          "data-count": String(count),
        },
        h(
          "title",
          {},
          `${WEEKDAYS[weekday]} ${hourWords(hour)}: ${number(count)}${works ? "" : ", out of hours"}`,
        ),
        h("rect", { rx: "3", ...attributes({ x, y, width: cell, height: cell }) }),
        ...(count === 0
          ? []
          : [
              h(
                "text",
                { "text-anchor": "middle", ...attributes({ x: x + cell / 2, y: y + cell / 2 + 4 }) },
                short(count),
              ),
            ]),
      );
    }),
  ]);
  const labels = Array.from({ length: 8 }, (_, index) => index * 3).map((hour) =>
    h(
      "text",
      { class: "label", "text-anchor": "middle", ...attributes({ x: left + hour * step + cell / 2, y: 14 }) },
      String(hour).padStart(2, "0"),
    ),
  );
  return figure({
    id: "heat-map",
    title: "Sessions by hour and weekday",
    width,
    height: top + 7 * step,
    description: `Start of the sessions in ${timeZone}. Framed hours are working hours: ${workingWords(hours)}.`,
    drawing: [...labels, ...cells],
    columns: ["Weekday", ...weeks[0]!.map((_, hour) => String(hour).padStart(2, "0"))],
    rows: weeks.map((day, weekday) => [WEEKDAYS[weekday]!, ...day.map(number)]),
  });
}

const hourWords = (hour: number): string =>
  `${String(hour).padStart(2, "0")}:00 to ${String(hour + 1).padStart(2, "0")}:00`;
/** A number of at most four characters. */
const short = (count: number): string =>
  count < 1_000 ? String(count) : count < 100_000 ? `${Math.floor(count / 1_000)}k` : "99k+";

/** `Monday to Friday, 8:00 to 18:00` */
export function workingWords({ weekdays, from, to }: WorkingHours): string {
  const runs: number[][] = [];
  for (const day of [...weekdays].sort()) {
    const last = runs.at(-1);
    if (last?.at(-1) === day - 1) last.push(day);
    else runs.push([day]);
  }
  const name = (day: number) => WEEKDAYS[day - 1]!;
  const words = runs.map((run) =>
    run.length === 1 ? name(run[0]!) : `${name(run[0]!)} to ${name(run.at(-1)!)}`,
  );
  return words.length === 0 ? "none" : `${words.join(", ")}, ${from}:00 to ${to}:00`;
}

const BAR = { width: 560, height: 26, left: 110, right: 56 };

/** Lengths of sessions. */
export function durations({ durations: ranges }: Aggregates): Element {
  const { width, height, left, right } = BAR;
  const greatest = Math.max(1, ...ranges.map(({ count }) => count));
  const total = ranges.reduce((sum, { count }) => sum + count, 0);
  const drawing = ranges.map(({ label, count }, index) => {
    const long = (count / greatest) * (width - left - right);
    const y = index * height;
    return h(
      "g",
      { class: "bar", "data-key": label, "data-count": String(count) },
      h("title", {}, `${label}: ${number(count)}`),
      h("text", { class: "label", "text-anchor": "end", ...attributes({ x: left - 8, y: y + 17 }) }, label),
      ...(count === 0
        ? []
        : [
            h("rect", {
              class: "other",
              ...attributes({ x: left, y: y + 4, width: long, height: height - 8 }),
            }),
          ]),
      h("text", { class: "value", ...attributes({ x: left + long + 6, y: y + 17 }) }, number(count)),
    );
  });
  return figure({
    id: "durations",
    title: "Durations",
    width,
    height: ranges.length * height,
    drawing,
    description:
      total === 0 ? "No session has ended." : `Lengths of the ${number(total)} sessions that have ended.`,
    columns: ["Duration", "Sessions"],
    rows: ranges.map(({ label, count }) => [label, number(count)]),
  });
}
