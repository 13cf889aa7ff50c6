{{/* What a chart goes by: its defaults, the profile over them, and what it was given over that, as Istio's charts do it. */}}
{{- define "effective" -}}
{{- $given := omit .Values "_internal_defaults_do_not_set" -}}
{{- $profile := dict -}}
{{- with $given.profile -}}
{{- $text := $.Files.Get (printf "files/profile-%s.yaml" .) | required (printf "there is no profile `%s`" .) -}}
{{- $profile = fromYaml $text -}}
{{- end -}}
{{- mustMergeOverwrite (deepCopy .Values._internal_defaults_do_not_set) $profile (deepCopy $given) | toYaml -}}
{{- end -}}

{{/* The kind of every value as it came, one a line: a text is none of the numbers and flags that look like it. */}}
{{- define "kinds" -}}
{{- $at := .at -}}
{{- if and (kindIs "map" .value) .value -}}
{{- range $key, $value := .value -}}{{- include "kinds" (dict "at" (printf "%s/%s" $at $key) "value" $value) -}}{{- end -}}
{{- else if and (kindIs "slice" .value) .value -}}
{{- range $index, $value := .value -}}{{- include "kinds" (dict "at" (printf "%s/%d" $at $index) "value" $value) -}}{{- end -}}
{{- else -}}
{{ printf "%s: %s" (quote $at) (kindOf .value) }}
{{ end -}}
{{- end -}}

{{- define "labels" -}}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end -}}
