import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** A run that only tries the reporter out writes elsewhere. */
const FILE = process.env.PARITY_FILE ?? new URL('../../docs/parity.md', import.meta.url);
/** As test/support/harness.ts names the suite of one adapter. */
const SUITE = /^(.+) keeps the contract of (\w+)$/;

interface Verdict {
  readonly mark: string;
  readonly reason?: string;
}

/** Writes docs/parity.md from a run of the contract suites: each promise, each adapter, held or not and why. */
export default class ParityReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const ports = new Map<string, Map<string, Map<string, Verdict>>>();
    for (const test of modules.flatMap(module => [...module.children.allTests()])) {
      const [, adapter, port] = (test.parent.type === 'suite' && SUITE.exec(test.parent.name)) || [];
      if (adapter === undefined || port === undefined) continue;
      const promises = at(ports, port, () => new Map<string, Map<string, Verdict>>());
      at(promises, test.name, () => new Map<string, Verdict>()).set(adapter, verdictOf(test));
    }
    const sections = [...ports]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([port, rows]) => sectionOf(port, rows));
    writeFileSync(FILE, `${[HEAD, ...sections].join('\n')}`);
  }
}

const HEAD = `# Parity

Written by \`npm run parity\` from a run of the contract suites; not by hand. A promise is *held* by an adapter when its
test ran and passed against it. Where a test did not run, the reason stands below the table.

The columns for AWS are LocalStack 4.14 with the tables of \`infra/\`'s own templates, and for the management API the
local gateway. A column of a real AWS account would say _on the stack_ and its name; where none does, this page says
nothing about one. Its SNS takes what is published to a phone's endpoint and hands nothing to Apple or Google; what SNS
says of dead tokens, throttling and trouble is replayed by a stub in \`test/aws/sns-push.test.ts\`, from AWS's
documentation. A browser's push service is one of our own, written from the RFCs, at a loopback address.

## Two more places to run, both optional

| set                                                   | columns                                                             |
| ----------------------------------------------------- | ------------------------------------------------------------------- |
| \`FANFARE_STACK=fanfare-staging\`, and AWS credentials | the deployed tables, and queues and topics made for the run, deleted after it |
| \`LOCALSTACK_AUTH_TOKEN\`                              | LocalStack's full edition, with the tables of \`infra/\`'s templates |

Suites write to the tables of \`FANFARE_STACK\` under a prefix of the run, and delete all of it at the end; a run that is
killed leaves items under \`parity-\`. To find what to delete, each table is scanned once. A stack whose stage begins with
\`prod\`, or whose tables are protected from deletion, is refused unless \`FANFARE_STACK_CONFIRM\` names it as well.

**Neither has ever run against the real thing.** A stack was only ever stood in for by LocalStack's open edition
(\`AWS_ENDPOINT_URL\`), as the column then says, and so was the full edition (\`LOCALSTACK_IMAGE\`). Waits and time-outs
of the suites are made for a container on the same machine. Neither place has a column for ConnectionGateway: the full
edition's API Gateway and a deployed one are not driven by these suites.
`;

const verdictOf = (test: TestCase): Verdict => {
  const result = test.result();
  if (result.state === 'passed') return { mark: 'held' };
  if (result.state === 'failed') return { mark: '**not held**' };
  return { mark: 'not run', reason: (result.state === 'skipped' && result.note) || 'it did not run' };
};

const sectionOf = (port: string, rows: ReadonlyMap<string, ReadonlyMap<string, Verdict>>): string => {
  const adapters = [...new Set([...rows.values()].flatMap(row => [...row.keys()]))].sort();
  const reasons: string[] = [];
  const note = ({ mark, reason }: Verdict): string => {
    if (reason === undefined) return mark;
    if (!reasons.includes(reason)) reasons.push(reason);
    return `${mark} (${reasons.indexOf(reason) + 1})`;
  };
  const table = [...rows].map(([promise, row]) => {
    const cells = adapters.map(adapter => note(row.get(adapter) ?? { mark: '–' }));
    return `| ${[promise, ...cells].join(' | ')} |`;
  });
  return [
    `## ${port}`,
    '',
    `| promise | ${adapters.join(' | ')} |`,
    `|---|${adapters.map(() => '---|').join('')}`,
    ...table,
    '',
    ...reasons.map((reason, index) => `${index + 1}. ${reason}`),
    ...(reasons.length > 0 ? [''] : []),
  ].join('\n');
};

const at = <Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value => {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
};
