import { spawnSync } from 'node:child_process';

/** The interpreter that the examples run with: python3, or the one that PYTHON names. */
export const PYTHON = process.env.PYTHON ?? 'python3';

const tried = spawnSync(PYTHON, ['-c', 'import websockets.sync.client'], { encoding: 'utf8' });
const trouble = tried.error?.message ?? tried.stderr.trim().split('\n').at(-1);

/** Why no Python example can run here; `undefined` where one can. With REQUIRE_PYTHON=1 the tests fail instead. */
export const noPython: string | undefined =
  tried.status === 0 || process.env.REQUIRE_PYTHON === '1'
    ? undefined
    : `no ${PYTHON} with the package websockets: ${trouble}`;
