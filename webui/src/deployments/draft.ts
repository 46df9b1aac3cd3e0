// What a person edits of a deployment: one document, shown as a form or as YAML.
import { parse, stringify } from 'yaml';
import type { Artifact, Deployment, DeploymentSpec, Labels, TemplateSpec } from '../api/resources';
import { isObject } from '../lib/merge_patch';

export interface Draft {
  metadata: { name: string; labels: Labels };
  spec: DeploymentSpec;
}

export function draftOf({ metadata, spec }: Deployment): Draft {
  return { metadata: { name: metadata.name, labels: metadata.labels }, spec };
}

export function emptyDraft(): Draft {
  const artifact = { kind: 'SQLSCRIPT' as const, sqlScript: '' };
  return {
    metadata: { name: '', labels: {} },
    spec: { state: 'RUNNING', template: { spec: { artifact, parallelism: 1 } } },
  };
}

export function templateOf(draft: Draft): TemplateSpec {
  return draft.spec.template.spec;
}

export function withSpec(draft: Draft, change: Partial<DeploymentSpec>): Draft {
  return { ...draft, spec: { ...draft.spec, ...change } };
}

export function withTemplate(draft: Draft, change: Partial<TemplateSpec>): Draft {
  const spec = { ...templateOf(draft), ...change };
  return withSpec(draft, { template: { ...draft.spec.template, spec } });
}

export function withScript(draft: Draft, sqlScript: string): Draft {
  return withTemplate(draft, { artifact: { kind: 'SQLSCRIPT', sqlScript } });
}

export function withArtifact(draft: Draft, change: Partial<Artifact>): Draft {
  return withTemplate(draft, { artifact: { ...templateOf(draft).artifact, ...change } });
}

// Whether it says what is to run.
export function saysWhatRuns(draft: Draft): boolean {
  const { kind, sqlScript = '', jarUri = '' } = templateOf(draft).artifact;
  return (kind === 'JAR' ? jarUri : sqlScript).trim() !== '';
}

export function yamlOf(document: unknown): string {
  return stringify(document, { lineWidth: 0 });
}

// The draft that the text says, or why it says none.
export function readDraft(text: string): Draft | Error {
  try {
    const document: unknown = parse(text);
    if (!isObject(document) || !isObject(document.metadata) || !isObject(document.spec)) {
      return new Error('A deployment has metadata and spec.');
    }
    const template = document.spec.template;
    if (!isObject(template) || !isObject(template.spec) || !isObject(template.spec.artifact)) {
      return new Error(
        'spec.template.spec.artifact says what runs: kind, and sqlScript or jarUri.',
      );
    }
    const labels = isObject(document.metadata.labels) ? document.metadata.labels : {};
    return {
      ...document,
      metadata: { ...document.metadata, labels },
    } as unknown as Draft;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
