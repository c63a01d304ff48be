import { createServer, type Server } from 'node:http';

/**
 * What every peer gets in front of it: `POST /publish` hands on the body as it is, `GET /health` says it is up.
 * No authorisation, no validation, no storing.
 */
export const createEndpoint = (publish: (body: Buffer) => void): Server =>
  createServer((request, response) => {
    if (request.method === 'GET') return void response.writeHead(200, { 'content-length': 0 }).end();
    const parts: Buffer[] = [];
    request.on('data', part => parts.push(part));
    request.on('end', () => {
      publish(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts));
      response.writeHead(202, { 'content-length': 0 }).end();
    });
  });

/** The port a peer was started with. */
export const port = Number(process.argv[2]);
