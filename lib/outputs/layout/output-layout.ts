import { YamlOutputType } from 'cdk8s';

/** How the objects of an app are divided into files. */
export enum OutputLayout {
  /** One file, `app`. */
  PER_APP = 'per app',
  /** One file for each chart, with its name. */
  PER_CHART = 'per chart',
  /** One file for each namespace, with its name; the Namespace itself stands first in it. Objects without one are in `_cluster`. */
  PER_NAMESPACE = 'per namespace',
  /** One file for each object, named after its namespace, kind, group and name. */
  PER_RESOURCE = 'per resource',
  /** One folder for each chart, with one file for each object. */
  PER_CHART_AND_RESOURCE = 'per chart and resource',
}

/** The layout that an output type of cdk8s stands for. */
export function layoutOf(type: YamlOutputType): OutputLayout {
  switch (type) {
    case YamlOutputType.FILE_PER_APP:
      return OutputLayout.PER_APP;
    case YamlOutputType.FILE_PER_CHART:
      return OutputLayout.PER_CHART;
    case YamlOutputType.FILE_PER_RESOURCE:
      return OutputLayout.PER_RESOURCE;
    case YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE:
      return OutputLayout.PER_CHART_AND_RESOURCE;
  }
}
