// The other end of a bare exchange: every question comes back as its answer.

import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { tlsProfile } from '#src/sim/tls-profile';
import { bareFrame, BareLink, kind } from './wire.ts';

const [certFile = '', keyFile = '', caFile = '', port = ''] = process.argv.slice(2);
const pem = { cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(caFile) };
const socket = connect({ ...tlsProfile, ...pem, host: '127.0.0.1', port: Number(port) }, () => {
  const link: BareLink = new BareLink(socket, ({ type, tag, body }) => {
    if (type === kind.message) link.write(bareFrame(kind.message, tag, body));
  });
  link.write(bareFrame(kind.hello, 0, Buffer.from('upstream')));
  process.stdout.write('up\n');
});
