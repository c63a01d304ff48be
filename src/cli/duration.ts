import { CliError, EXIT } from './exit.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * @param option whose value it is
 * @returns ms
 * @throws CliError naming the option
 */
export const parseDuration = (option: string, text: string): number => {
  const [, amount, unit] = /^(\d{1,6})(ms|[smhd])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  if (amount !== undefined && unitMs !== undefined && Number(amount) > 0) return Number(amount) * unitMs;
  throw new CliError(
    `${option}: expected such as 90s, 15m, 1h or 7d; found ${JSON.stringify(text)}`,
    EXIT.usage,
  );
};
