import type { AwsConfig } from '../aws-config.ts';

/** AWS answers in some ms. What takes longer is asked anew by the SDK, so that a caller hears of it within 29 s. */
const CONNECTION_TIMEOUT_MS = 1_000;
const REQUEST_TIMEOUT_MS = 5_000;

/** What every client of AWS's SDK is made with. Unless told, the SDK waits for ever, or merely warns. */
export const clientOptions = ({ endpoint }: Pick<AwsConfig, 'endpoint'>) => ({
  endpoint,
  requestHandler: {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  },
});
