// An SMTP server for tests. It prints the port it listens on, then each email it receives, as one JSON object a line.
// With the argument `ascii` after the port it doesn't support SMTPUTF8.
// It rejects the recipients `550@…`, `450@…` and the like with that code, and delays its reply to `slow…@…`.
// The API tests run it with node alone, so it is plain JavaScript.

import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

/** In milliseconds. */
const SLOW_REPLY_DELAY = 1000;

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const server = new SMTPServer({
  authOptional: true,
  allowInsecureAuth: true,
  disabledCommands: ['STARTTLS'],
  hideSMTPUTF8: process.argv[3] === 'ascii',
  disableReverseLookup: true,
  onAuth: ({ username }, _session, done) => done(null, { user: username }),
  onRcptTo({ address }, _session, done) {
    const [name] = address.split('@');
    if (name.startsWith('slow')) {
      setTimeout(done, SLOW_REPLY_DELAY);
      return;
    }
    const code = /^[45]\d\d$/.test(name) && Number(name);
    done(code ? Object.assign(new Error('refused'), { responseCode: code }) : null);
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', async () => {
      const raw = Buffer.concat(chunks);
      const mail = await simpleParser(raw);
      const { mailFrom, rcptTo } = session.envelope;
      print({
        from: mailFrom.address,
        to: rcptTo.map((recipient) => recipient.address),
        head: raw.toString().split('\r\n\r\n', 1)[0],
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
      });
      done();
    });
  },
});

server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => print({ port: server.server.address().port }));

// The parent process holds the other end of stdin, so this process ends together with it.
process.stdin.on('end', () => process.exit()).resume();
