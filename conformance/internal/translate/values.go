package translate

import (
	"strconv"
	"time"

	networking "istio.io/api/networking/v1alpha3"
)

// Envoy's configuration is written as JSON. Envoy itself refuses a field or a value that it does not know.
type (
	object = map[string]any
	list   = []any
)

const (
	typePrefix  = "type.googleapis.com/envoy."
	unlimited   = 4294967295
	perMillion  = 10000 // a percent in millionths
	million     = "MILLION"
	overwrite   = "OVERWRITE_IF_EXISTS_OR_ADD"
	appendValue = "APPEND_IF_EXISTS_OR_ADD"
)

// typed is a configuration whose type Envoy looks up by name.
func typed(name string, config object) object {
	with := object{"@type": typePrefix + name}
	for key, value := range config {
		with[key] = value
	}
	return with
}

// span is a duration, or anything generated that can be one.
type span interface{ AsDuration() time.Duration }

func seconds(duration span) string { return text(duration.AsDuration()) }

func text(duration time.Duration) string {
	return strconv.FormatFloat(duration.Seconds(), 'f', -1, 64) + "s"
}

// percentage is everything where it is not written.
func percentage(percent *networking.Percent) object {
	value := 100.0
	if percent != nil {
		value = percent.Value
	}
	return object{"numerator": int(value*perMillion + 0.5), "denominator": million}
}

// wanted leaves out values that were not written.
func wanted(pairs ...any) object {
	kept := object{}
	for index := 0; index+1 < len(pairs); index += 2 {
		switch value := pairs[index+1].(type) {
		case string:
			if value == "" {
				continue
			}
		case int32:
			if value == 0 {
				continue
			}
		case uint32:
			if value == 0 {
				continue
			}
		case object:
			if len(value) == 0 {
				continue
			}
		case list:
			if len(value) == 0 {
				continue
			}
		case []string:
			if len(value) == 0 {
				continue
			}
		case bool:
			if !value {
				continue
			}
		case nil:
			continue
		}
		kept[pairs[index].(string)] = pairs[index+1]
	}
	return kept
}
