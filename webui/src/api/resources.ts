// Resources as the platform shows them: the contract's shapes, and of those that it leaves open what
// the console reads.
import type { components } from './generated';

type Schemas = components['schemas'];

export type DeploymentSpec = Schemas['DeploymentSpec'];
export type TemplateSpec = Schemas['TemplateSpec'];
export type Artifact = Schemas['Artifact'];
export type DesiredState = NonNullable<DeploymentSpec['state']>;
export type Labels = Record<string, string>;

export type DeploymentState =
  'RUNNING' | 'TRANSITIONING' | 'SUSPENDED' | 'CANCELLED' | 'FAILED' | 'FINISHED';

export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  lastTransitionTime: string | null;
}

export interface DeploymentStatus {
  state: DeploymentState;
  settled: boolean;
  version: number;
  message?: string;
  conditions: Condition[];
  running?: { jobId: string; transitionTime: string };
  transitioning?: { jobId: string };
}

export interface Deployment {
  metadata: {
    id: string;
    name: string;
    namespace: string;
    createdAt: string;
    modifiedAt: string;
    resourceVersion: number;
    labels: Labels;
    annotations: Labels;
  };
  spec: DeploymentSpec;
  status: DeploymentStatus;
}

export interface Job {
  metadata: {
    id: string;
    deploymentId: string;
    createdAt: string;
    modifiedAt: string;
    terminatedAt: string | null;
    version: number;
    attempt: number;
  };
  spec: { savepointLocation: string | null };
  status: {
    state: string;
    engine: 'native' | 'flink';
    engineReason?: string;
    started?: { startedAt: string; observedFlinkJobRestarts: number; flinkUiUrl?: string };
    failure?: { reason: string; message: string; failedAt: string | null };
  };
}

export interface Savepoint {
  metadata: { id: string; deploymentId: string; jobId: string; origin: string; createdAt: string };
  spec: { savepointLocation: string | null };
  status: { state: string; failure?: { message: string } };
}

export interface PlatformEvent {
  metadata: { id: string; name: string; deploymentId: string; jobId: string; createdAt: string };
  spec: { message: string; actor: string };
}

export interface Version {
  metadata: { version: number; createdAt: string };
  spec: { template: Schemas['Template'] };
  status: { state: 'UNKNOWN' | 'VALID' | 'INVALID' | 'UNFIT' | 'REJECTED'; message?: string };
}

export interface SecretValue {
  metadata: { name: string; createdAt: string; modifiedAt: string };
}

export interface ArtifactFile {
  metadata: { name: string; createdAt: string };
  spec: { uri: string; size: number; sha256: string };
}

export interface Defaults {
  metadata: { resourceVersion: number; modifiedAt?: string };
  spec: Record<string, unknown>;
}

// A draft, with the newest of its texts.
export interface SqlScript {
  metadata: {
    id: string;
    name: string;
    folder: string; // as in a/b; empty for none
    namespace: string;
    version: number;
    resourceVersion: number;
    createdAt: string;
    modifiedAt: string;
  };
  spec: { script: string };
}

export interface SqlScriptVersion {
  metadata: { scriptId: string; version: number; createdAt: string };
  spec: { script: string };
}

export type SqlError = Schemas['SqlError'];

export interface PreviewRow {
  op: '+I' | '-U' | '+U' | '-D';
  row: Record<string, unknown>;
}

export interface Preview {
  metadata: { id?: string }; // none, if the script cannot be planned
  spec?: { columns: { name: string; type: unknown }[] };
  status: {
    state: 'RUNNING' | 'FINISHED' | 'FAILED' | 'CANCELLED';
    message: string;
    rows?: PreviewRow[];
    errorDetails?: SqlError;
  };
}

// What an editor completes with, beside the words of SQL.
export interface SqlFunction {
  name: string;
  arguments: string[]; // how it is called, one or more ways
  description: string;
}
