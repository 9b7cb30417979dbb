/**
 * What a badge and its pages say of a micro-credential's definition. Structural on purpose: the definition itself and
 * its rules belong to the domain; whatever has these fields can be published as an Achievement.
 */

export interface AlignmentFacts {
  readonly targetName: string;
  readonly targetUrl: string;
  readonly targetFramework?: string | undefined;
  readonly targetCode?: string | undefined;
  readonly targetDescription?: string | undefined;
  readonly targetType?: string | undefined;
}

export interface CompetencyFacts {
  readonly id: string;
  readonly name: string;
  readonly statement: string;
  readonly learningOutcomes?: readonly { readonly id: string; readonly statement: string }[] | undefined;
  readonly alignment: readonly AlignmentFacts[];
}

export interface LevelFacts {
  readonly id: string;
  readonly name: string;
  readonly points: number;
  readonly description: string;
}

export interface CriterionFacts {
  readonly id: string;
  readonly name: string;
  /** Id of the competency that it judges. */
  readonly competency: string;
  readonly requiredLevel: string;
  /** From low to high. */
  readonly levels: readonly LevelFacts[];
}

export interface RubricFacts {
  readonly id: string;
  readonly criteria: readonly CriterionFacts[];
}

export interface DefinitionFacts {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly achievementType: string;
  readonly inLanguage: string;
  readonly humanCode?: string | undefined;
  readonly fieldOfStudy?: string | undefined;
  readonly specialization?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly image?: { readonly id?: string | undefined; readonly caption?: string | undefined } | undefined;
  readonly criteria: { readonly id?: string | undefined; readonly narrative: string };
  readonly competencies: readonly CompetencyFacts[];
  readonly rubrics: readonly RubricFacts[];
  readonly workload: WorkloadFacts;
  readonly level: {
    readonly eqf?: LevelInFramework | undefined;
    readonly aqf?: LevelInFramework | undefined;
    readonly nqf?: (LevelInFramework & { readonly framework: string }) | undefined;
    /** In words, where no framework applies. */
    readonly statement?: string | undefined;
  };
  /** Form of participation: one of the definition's terms. */
  readonly learningMode?: string | undefined;
  readonly evidenceRequirements?: readonly { readonly assessmentType: string }[] | undefined;
  /** Supervision and identity check, in the wording of the European Learning Model. */
  readonly assessmentPolicy?: { readonly idVerification: string } | undefined;
  readonly qualityAssurance?: QualityAssuranceFacts | undefined;
}

export interface WorkloadFacts {
  /** ISO 8601 duration. */
  readonly volumeOfLearning?: string | undefined;
  readonly creditPoint?:
    | {
        readonly point: number;
        readonly framework?: string | undefined;
        readonly frameworkId?: string | undefined;
        /** No body has confirmed the points. */
        readonly indicative?: boolean | undefined;
      }
    | null
    | undefined;
}

export interface LevelInFramework {
  readonly value: number | string;
  readonly id?: string | undefined;
}

export interface QualityAssuranceFacts {
  readonly type: string;
  readonly statement: string;
  readonly externalBody?: { readonly name: string; readonly url?: string | undefined } | null | undefined;
}
