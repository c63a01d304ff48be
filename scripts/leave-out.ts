import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';

/** A module that a function would carry and never needs, and what takes its place. */
interface StandIn {
  /** What is asked for, as it stands in the import. */
  readonly import: RegExp;
  /** Whose imports are meant; everybody's without it. */
  readonly from?: RegExp;
  readonly contents: string;
}

const STAND_INS: Readonly<Record<string, StandIn>> = {
  // A function has its credentials in its environment: the SDK need not look for files, single sign-on or a metadata service.
  credentials: {
    import: /^@aws-sdk\/credential-provider-node$/,
    contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
  },
  // The same, as the signer for databases asks for it.
  providers: {
    import: /^@aws-sdk\/credential-providers$/,
    contents: "export { fromEnv as fromNodeProviderChain } from '@aws-sdk/credential-provider-env';",
  },
  // Zod's messages in forty languages.
  locales: { import: /locales\/index\.js$/, contents: 'export {};' },
  // All of zod, since it is passed on as one object, of which extending it for OpenAPI takes the one class.
  zod: {
    import: /^zod$/,
    from: /@hono\/zod-openapi\//,
    contents: "import { ZodType } from 'zod'; export const z = { ZodType };",
  },
  // Logs go to a file descriptor; a transport would be a thread of its own, whose code is not in the bundle anyway.
  transports: {
    import: /^\.(\/lib)?\/(transport|multistream)$/,
    from: /pino\/(pino|lib\/tools)\.js$/,
    contents: "module.exports = () => { throw new Error('a function has no log transports'); };",
  },
};

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Puts the stand-ins in place, and fails the build where one no longer has anything to stand in for. */
export const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onStart, onResolve, onLoad, onEnd }) {
    const unused = new Set<string>();
    onStart(() => {
      for (const name of Object.keys(STAND_INS)) unused.add(name);
    });
    for (const [name, standIn] of Object.entries(STAND_INS)) {
      onResolve({ filter: standIn.import }, ({ importer }) => {
        if (standIn.from?.test(importer) === false) return undefined;
        unused.delete(name);
        return { path: name, namespace: 'stand-in' };
      });
    }
    onLoad({ filter: /./, namespace: 'stand-in' }, ({ path }) => ({
      contents: STAND_INS[path]?.contents,
      resolveDir: ROOT,
    }));
    onEnd(({ errors }) => {
      if (errors.length > 0 || unused.size === 0) return undefined;
      return {
        errors: [...unused].map(name => ({ text: `nothing asks any more for what ${name} stands in for` })),
      };
    });
  },
};
