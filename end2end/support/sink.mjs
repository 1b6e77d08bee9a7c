// An SMTP server that takes mail and prints it, one JSON object a line: what a test reads and follows links from.
// It refuses `550@…`, `450@…` and the like with that code, and takes its time for `slow…@…`.
// Its first line says on which port it listens. Plain JavaScript, because the API tests start it with node alone.

import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const server = new SMTPServer({
  authOptional: true,
  allowInsecureAuth: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  onAuth: ({ username }, _session, done) => done(null, { user: username }),
  onRcptTo({ address }, _session, done) {
    const [name] = address.split('@');
    if (name.startsWith('slow')) {
      setTimeout(done, 1000);
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

// It ends with whoever started it.
process.stdin.on('end', () => process.exit()).resume();
