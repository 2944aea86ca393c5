// Times, counts and names as people read them. All times are UTC.

const two = (number) => String(number).padStart(2, "0");
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Milliseconds since 1970 of RFC 3339 text, with its microseconds. */
export function moment(text) {
  const fraction = /\.(\d+)/.exec(text);
  const whole = Date.parse(text.replace(/\.\d+/, ""));
  return fraction ? whole + Number(`0.${fraction[1]}`) * 1000 : whole;
}

/** RFC 3339 text as people read it: a space for the T, and no zeros behind the milliseconds. */
export function stamp(text) {
  if (!text) return "";
  return text.replace("T", " ").replace(/(\.\d*?)0+Z$/, "$1Z").replace(".Z", "Z");
}

/** The same without its day. */
export function clock(text) {
  return stamp(text).slice(11);
}

export function day(ms) {
  const date = new Date(ms);
  return `${DAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

export function dayWithYear(ms) {
  return `${day(ms)} ${new Date(ms).getUTCFullYear()}`;
}

/** Of a tick, as fine as ticks stand apart. */
export function tickText(ms, step) {
  const date = new Date(ms);
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  if (step >= 60_000) return time;
  const seconds = `${time}:${two(date.getUTCSeconds())}`;
  return step >= 1000 ? seconds : `${seconds}.${String(date.getUTCMilliseconds()).padStart(3, "0")}`;
}

/** A length of time in words of two parts at most. */
export function span(ms) {
  const seconds = Math.abs(ms) / 1000;
  if (seconds < 1) return `${Math.round(Math.abs(ms))} ms`;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, size]) => seconds >= size);
  const [name, size] = units[first];
  const whole = Math.floor(seconds / size);
  const rest = units[first + 1] ? Math.round((seconds - whole * size) / units[first + 1][1]) : 0;
  return rest && whole < 10 ? `${whole} ${name} ${rest} ${units[first + 1][0]}` : `${whole} ${name}`;
}

export const count = (number) => Number(number).toLocaleString("en-US");
export const counted = (number, one, many = `${one}s`) => `${count(number)} ${number === 1 ? one : many}`;

/** A machine by the best name that is known. */
export const named = (end) => end?.host ?? end?.address ?? "unknown";
/** The first label of a name; addresses stay whole. */
export const short = (host) => (host && !/^[\d.]+$|:/.test(host) ? host.split(".")[0] : (host ?? "unknown"));
/** The last part of a path of Windows or Unix. */
export const base = (path) => (path ? path.replace(/[\\/]+$/, "").split(/[\\/]/).pop() : "");

const WORDS = { unknown_source: "unknown source", command_line: "command line", module_load: "module load", not_evaluated: "not evaluated", not_understood: "not understood" };
export const words = (value) => (value === null || value === undefined ? "" : (WORDS[value] ?? String(value).replaceAll("_", " ")));
