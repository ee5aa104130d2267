#include "schema/jsonschema/format/time.h"

/* Where a date is in its month: what a leap second needs to know. */
struct day {
	unsigned day, days;
};

static bool date(struct scan *scan, struct day *of)
{
	static const unsigned char days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	unsigned year;
	unsigned month;
	unsigned day;
	bool leap;

	if (!scan_digits(scan, 4, &year) || !scan_char(scan, '-') ||
		!scan_digits(scan, 2, &month) || !scan_char(scan, '-') ||
		!scan_digits(scan, 2, &day))
		return false;
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (month < 1 || month > 12)
		return false;
	of->day = day;
	of->days = days[month - 1] + (unsigned)(month == 2 && leap);
	return day >= 1 && day <= of->days;
}

/* Minutes that the local time is ahead of UTC. */
static bool offset(struct scan *scan, int *minutes)
{
	unsigned hour;
	unsigned minute;
	bool behind;

	*minutes = 0;
	if (scan_any(scan, "Zz"))
		return true;
	if (!scan_any(scan, "+-"))
		return false;
	behind = scan->at[-1] == '-';
	if (!scan_digits(scan, 2, &hour) || !scan_char(scan, ':') ||
		!scan_digits(scan, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*minutes = (int)(hour * 60 + minute) * (behind ? -1 : 1);
	return true;
}

/*
 * A leap second is the last one of a month in UTC: section 5.7. `utc` is in
 * minutes, and less than 0 or more than a day where UTC has another date.
 */
static bool may_be_leap(int utc, const struct day *of)
{
	const int day = 24 * 60;

	if ((utc + day) % day != day - 1)
		return false;
	if (!of)
		return true;
	if (utc < 0)
		return of->day == 1;
	return of->day + (utc > day) == of->days;
}

/* `of` is the date, or NULL. */
static bool time_of_day(struct scan *scan, const struct day *of)
{
	unsigned hour;
	unsigned minute;
	unsigned second;
	unsigned ignored;
	int ahead;

	if (!scan_digits(scan, 2, &hour) || !scan_char(scan, ':') ||
		!scan_digits(scan, 2, &minute) || !scan_char(scan, ':') ||
		!scan_digits(scan, 2, &second) || hour > 23 || minute > 59 ||
		second > 60)
		return false;
	if (scan_char(scan, '.')) {
		if (!scan_digits(scan, 1, &ignored))
			return false;
		while (scan_digits(scan, 1, &ignored))
			continue;
	}
	if (!offset(scan, &ahead))
		return false;
	return second < 60 ||
	       may_be_leap((int)(hour * 60 + minute) - ahead, of);
}

bool format_date(const char *bytes, size_t length)
{
	struct scan scan = {bytes, bytes + length};
	struct day ignored;

	return date(&scan, &ignored) && scan.at == scan.end;
}

bool format_time(const char *bytes, size_t length)
{
	struct scan scan = {bytes, bytes + length};

	return time_of_day(&scan, NULL) && scan.at == scan.end;
}

bool format_date_time(const char *bytes, size_t length)
{
	struct scan scan = {bytes, bytes + length};
	struct day of;

	return date(&scan, &of) && scan_any(&scan, "Tt") &&
	       time_of_day(&scan, &of) && scan.at == scan.end;
}

/*
 * Numbers with these units, in order and without a gap between the first and
 * the last: P1Y2D is none, as a day follows a month only.
 */
static bool run_of(struct scan *scan, const char *units)
{
	const char *unit = units;
	bool any = false;

	while (scan->at < scan->end && scan_is_digit(*scan->at)) {
		while (scan->at < scan->end && scan_is_digit(*scan->at))
			scan->at++;
		while (!any && *unit && scan->at < scan->end &&
			*unit != *scan->at)
			unit++;
		if (!*unit || !scan_char(scan, *unit++))
			return false;
		any = true;
	}
	return any;
}

bool format_duration(const char *bytes, size_t length)
{
	struct scan scan = {bytes, bytes + length};
	struct scan weeks;

	if (!scan_char(&scan, 'P'))
		return false;
	weeks = scan;
	if (run_of(&weeks, "W") && weeks.at == weeks.end)
		return true;
	if (scan.at < scan.end && *scan.at != 'T' && !run_of(&scan, "YMD"))
		return false;
	if (scan_char(&scan, 'T') && !run_of(&scan, "HMS"))
		return false;
	return scan.at == scan.end && length > 1;
}
