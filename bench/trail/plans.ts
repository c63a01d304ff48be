import type { KyselyPlugin, RootOperationNode } from 'kysely';
import { CompiledQuery } from 'kysely';
import { Database } from '../../src/adapters/postgres/database.ts';

/** How PostgreSQL looked at a table, or followed an index. */
export interface Scan {
  /** `Index Scan`, `Bitmap Index Scan`, `Seq Scan`, … */
  readonly node: string;
  /** Absent where no index was followed. */
  readonly index?: string;
  /** Found, of all repetitions. */
  readonly rows: number;
}

/** What `EXPLAIN (ANALYZE, BUFFERS)` says of one statement, shortened. */
export interface Plan {
  readonly scans: readonly Scan[];
  /** Pages of 8 KB that were looked at, from memory or disk. */
  readonly buffers: number;
}

/** The plans of the reads that `ask` makes of a database, in their order; each is executed once more for it. */
export const plansOf = async (
  database: Database,
  ask: (recorded: Database) => Promise<unknown>,
): Promise<readonly Plan[]> => {
  const { kysely, schema } = database;
  const asked: RootOperationNode[] = [];
  const recorder: KyselyPlugin = {
    transformQuery: ({ node }) => {
      asked.push(node);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  await ask(new Database({ kysely: kysely.withPlugin(recorder), schema }));
  const plans: Plan[] = [];
  for (const node of asked) {
    const executor = kysely.getExecutor();
    const { sql, parameters } = executor.compileQuery(node, { queryId: 'plan' });
    const text = `explain (analyze, buffers, format json) ${sql}`;
    const { rows } = await kysely.executeQuery<Explained>(CompiledQuery.raw(text, [...parameters]));
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
    if (plan === undefined) throw new Error(`no plan for: ${sql}`);
    plans.push(shortened(plan));
  }
  return plans;
};

/** `trail_entry_pkey: 5 rows, 9 pages`; a whole read of a table says so. */
export const inWords = ({ scans, buffers }: Plan): string => {
  const parts = scans.map(({ node, index, rows }) => `${index ?? node}: ${rows} rows`);
  return `${parts.join(', ')}; ${buffers} pages`;
};

interface Explained {
  readonly 'QUERY PLAN': readonly { readonly Plan: PlanNode }[];
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

const shortened = (top: PlanNode): Plan => ({
  scans: nodesOf(top)
    .filter(node => node['Node Type'].endsWith('Scan') && node['Node Type'] !== 'Bitmap Heap Scan')
    .map(node => ({
      node: node['Node Type'],
      ...(node['Index Name'] === undefined ? {} : { index: node['Index Name'] }),
      rows: Math.round(node['Actual Rows'] * node['Actual Loops']),
    })),
  // A node's count contains its children's.
  buffers: top['Shared Hit Blocks'] + top['Shared Read Blocks'],
});

const nodesOf = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
