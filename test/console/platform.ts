// A platform of its own for a run of the suite, in a folder and home of its own.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export class Platform {
  private readonly folder = mkdtempSync(join(tmpdir(), 'castor-console-'));
  private readonly castor = resolve(
    process.env.CASTOR_BUILD ?? '../../build/release',
    'bin/castor',
  );
  private readonly environment = {
    ...process.env,
    HOME: this.folder,
    XDG_CACHE_HOME: join(this.folder, 'cache'),
  };
  private server?: ChildProcess;
  private port = 0;
  // Of the user admin, who is made by the first start.
  readonly password = 'only for these tests';
  private session = { cookie: '', csrf: '' };

  get address() {
    return `http://127.0.0.1:${this.port}`;
  }

  // Returns when it listens; later on the same port again.
  async start() {
    const data = join(this.folder, 'data');
    const options = ['platform', '--data-dir', data, '--port', String(this.port)];
    const isFirst = this.port === 0;
    const server = spawn(this.castor, options, {
      cwd: this.folder,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.server = server;
    for await (const line of createInterface(server.stdout)) {
      const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? [];
      const [, first] = /the password (\S+),/.exec(line) ?? [];
      if (port) this.port = Number(port);
      if (first) await this.chooseFirstPassword(first);
      if (isFirst ? first : port) return;
    }
    throw new Error('castor platform has ended without listening');
  }

  async stop() {
    const server = this.server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  }

  // With its jobs, which outlive the server, and the planner.
  async remove() {
    await this.stop();
    for (const pid of this.workers()) process.kill(pid, 'SIGKILL');
    spawnSync(this.castor, ['planner', 'stop'], { env: this.environment });
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private workers(): number[] {
    const isOurs = (pid: string) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${this.folder}/data/jobs/`);
      } catch {
        return false; // it has ended meanwhile
      }
    };
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && isOurs(name))
      .map(Number);
  }

  // What a request carries to be one of that user.
  async logIn(name: string, password: string) {
    const answer = await fetch(`${this.address}/access/v1/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name, password }),
    });
    if (!answer.ok) throw new Error(`login of ${name}: ${await answer.text()}`);
    const cookie = (answer.headers.get('Set-Cookie') ?? '').split(';')[0] ?? '';
    return { cookie, csrf: (await answer.json()).status.csrfToken as string };
  }

  // A user with a role in the namespace "default", and the cookie of a session.
  async addUser(name: string, role: string) {
    const made = await this.askAny('POST', '/access/v1/users', { metadata: { name } });
    const session = await this.logIn(name, made.status.oneTimePassword);
    await this.changePassword(session, made.status.oneTimePassword, this.password);
    await this.askAny('PUT', `/access/v1/namespaces/default/members/${name}`, { spec: { role } });
    return this.cookieOf(session.cookie);
  }

  private async chooseFirstPassword(first: string) {
    this.session = await this.logIn('admin', first);
    await this.changePassword(this.session, first, this.password);
  }

  private async changePassword(
    session: { cookie: string; csrf: string },
    oldPassword: string,
    newPassword: string,
  ) {
    const answer = await fetch(`${this.address}/access/v1/account/password`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Cookie: session.cookie,
        'X-CSRF-Token': session.csrf,
      },
      body: JSON.stringify({ oldPassword, newPassword }),
    });
    if (!answer.ok) throw new Error(`first password: ${await answer.text()}`);
  }

  // For a browser: that of admin, unless another one is given.
  cookieOf(cookie = this.session.cookie) {
    const [name = '', value = ''] = cookie.split('=');
    return { name, value, url: this.address, httpOnly: true, sameSite: 'Strict' as const };
  }

  // `path`: a whole one, or what follows the namespace.
  async ask(method: string, path: string, body?: unknown) {
    const whole = path.startsWith('/') ? path : `/api/v1/namespaces/default/${path}`;
    return this.askAny(method, whole, body);
  }

  // As who may everything.
  async askAny(method: string, path: string, body?: unknown) {
    const token = readFileSync(join(this.folder, 'data', 'local.token'), 'utf8').trim();
    const isPatch = method === 'PATCH';
    const type = isPatch ? 'application/merge-patch+json' : 'application/json';
    const answer = await fetch(`${this.address}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...(body ? { 'Content-Type': type } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
    return answer.json();
  }

  // The id of a new deployment that runs `script`, or is only there.
  async deploy(name: string, script: string, state = 'RUNNING', labels = {}): Promise<string> {
    const template = {
      spec: { artifact: { kind: 'SQLSCRIPT', sqlScript: script } },
    };
    const made = await this.ask('POST', 'deployments', {
      metadata: { name, labels },
      spec: { state, template },
    });
    return made.metadata.id;
  }
}
