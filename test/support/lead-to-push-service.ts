// Loaded by a function before its bundle, with `--import`: leads what is meant for the push service of Chrome to one on a
// loopback address, as a name server and an authority of a test's own would. Nothing else is changed, and nothing in the
// bundle, which may be led to no other address than a public one.
import { Agent } from 'node:https';
import { connect } from 'node:tls';

const { PUSH_SERVICE_PORT, PUSH_SERVICE_CERTIFICATE } = process.env;

const usual = Agent.prototype.createConnection;
Agent.prototype.createConnection = function (options, callback) {
  if (options.host !== 'fcm.googleapis.com') return usual.call(this, options, callback);
  return connect({ host: '127.0.0.1', port: Number(PUSH_SERVICE_PORT), ca: PUSH_SERVICE_CERTIFICATE });
};
