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

  get address() {
    return `http://127.0.0.1:${this.port}`;
  }

  // Returns when it listens; later on the same port again.
  async start() {
    const data = join(this.folder, 'data');
    const options = ['platform', '--data-dir', data, '--port', String(this.port)];
    const server = spawn(this.castor, options, {
      cwd: this.folder,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.server = server;
    for await (const line of createInterface(server.stdout)) {
      const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? [];
      if (!port) continue;
      this.port = Number(port);
      return;
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

  // `path`: a whole one, or what follows the namespace.
  async ask(method: string, path: string, body?: unknown) {
    const isPatch = method === 'PATCH';
    const type = isPatch ? 'application/merge-patch+json' : 'application/json';
    const whole = path.startsWith('/') ? path : `/api/v1/namespaces/default/${path}`;
    const answer = await fetch(this.address + whole, {
      method,
      ...(body ? { body: JSON.stringify(body), headers: { 'Content-Type': type } } : {}),
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
