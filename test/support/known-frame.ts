import { isDeepStrictEqual } from 'node:util';
import type * as z from 'zod';
import { answerFrames, pushFrame } from '../../src/protocol/server-frames.ts';

const SCHEMAS: Readonly<Record<string, z.ZodType>> = { ...answerFrames, message: pushFrame };

/** The schema of a server's frame, by its type. Throws where there is none. */
export const schemaOf = (type: string): z.ZodType => {
  const schema = SCHEMAS[type];
  if (schema === undefined) throw new Error(`a frame of type ${type}, which the protocol does not know`);
  return schema;
};

/** Throws unless the frame is what its schema says, with no member more. */
export const expectKnown = (frame: { readonly type: string }): void => {
  const known = schemaOf(frame.type).parse(frame);
  if (!isDeepStrictEqual(known, frame)) {
    throw new Error(`members that the schema of ${frame.type} does not know in ${JSON.stringify(frame)}`);
  }
};
