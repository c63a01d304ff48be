// Runs a bundle once in a process of its own, as Lambda would: `node run-function.ts BUNDLE EVENT`. The answer goes to
// stdout behind a mark, so that it is told from what the function prints.
const [, , bundle = '', event = ''] = process.argv;

const { handler } = (await import(bundle)) as {
  readonly handler: (event: unknown, context: object) => Promise<unknown>;
};
const context = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 29_000 };
const outcome = await handler(JSON.parse(event), context).then(
  answer => ({ answer }),
  error => ({ error: String(error) }),
);
console.log(`\nOUTCOME ${JSON.stringify(outcome)}`);
process.exit(0);
