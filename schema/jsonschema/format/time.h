#ifndef SCHEMA_JSONSCHEMA_FORMAT_TIME_H
#define SCHEMA_JSONSCHEMA_FORMAT_TIME_H

#include "schema/jsonschema/format/scan.h"

format_check format_date_time, format_date, format_time, format_duration;

#endif
