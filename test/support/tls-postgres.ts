import { isIP } from 'node:net';
import type { StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { getContainerRuntimeClient } from 'testcontainers';
import { POSTGRES_IMAGE } from './sql-platforms.ts';

/** PostgreSQL that speaks TLS, with a certificate of an authority that nobody knows. */
export interface TlsPostgres {
  readonly container: StartedPostgreSqlContainer;
  /** Without a name and a password. */
  readonly url: URL;
  /** In PEM. */
  readonly ca: string;
}

const KEYS = '/var/lib/postgresql/keys';

/** Its own authority: a certificate that signs itself. */
const makeKeys = (host: string): string =>
  [
    `mkdir -p ${KEYS}`,
    `openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=${isIP(host) === 0 ? 'DNS' : 'IP'}:${host} -keyout ${KEYS}/server.key -out ${KEYS}/server.crt`,
    `chown -R postgres ${KEYS}`,
  ].join(' && ');

export const startTlsPostgres = async (): Promise<TlsPostgres> => {
  const { info } = await getContainerRuntimeClient();
  const keys = makeKeys(info.containerRuntime.host);
  const options = `-c ssl=on -c ssl_cert_file=${KEYS}/server.crt -c ssl_key_file=${KEYS}/server.key`;
  const container = await new PostgreSqlContainer(POSTGRES_IMAGE)
    .withEntrypoint(['bash', '-c', `${keys} && exec docker-entrypoint.sh postgres ${options}`])
    .start();
  const { output } = await container.exec(['cat', `${KEYS}/server.crt`]);
  const url = new URL(`postgres://${container.getHost()}:${container.getPort()}/${container.getDatabase()}`);
  return { container, url, ca: output };
};
