#include "cmd/report/report.h"

const struct report_format report_formats[] = {
	{"text", report_text},
	{"json", report_json},
};

const size_t report_format_count = COUNT(report_formats);
