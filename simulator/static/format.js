// Puts times and durations into words.

const DAYS = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
const SHIFT = 8 * 3600 * 1000;

/** Fields of a moment as the wall clock in Shanghai shows it. */
export function wall(moment) {
  const local = new Date(new Date(moment).getTime() + SHIFT);
  const two = (number) => String(number).padStart(2, "0");
  return {
    date: local.toISOString().slice(0, 10),
    day: `${local.getUTCMonth() + 1}月${local.getUTCDate()}日`,
    weekday: DAYS[local.getUTCDay()],
    time: `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`,
    seconds: two(local.getUTCSeconds()),
  };
}

/** 09:00 of the next calendar day, as the control API wants it. */
export function tomorrowMorning(moment) {
  return `${wall(new Date(moment).getTime() + 24 * 3600 * 1000).date}T09:00:00+08:00`;
}

/** The line between two bubbles that lie more than five minutes apart; empty when they do not. */
export function divider(at, before) {
  if (before && new Date(at) - new Date(before) < 5 * 60 * 1000) return "";
  const { date, day, weekday, time } = wall(at);
  return before && wall(before).date === date ? time : `${day} ${weekday} ${time}`;
}

export const duration = (ms) => (ms >= 1000 ? `${(ms / 1000).toFixed(1)} 秒` : `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} 毫秒`);

/** A person waits: fine below one second, slow from there, late from five. */
export const pace = (ms) => (ms >= 5000 ? "late" : ms >= 1000 ? "slow" : "fine");
