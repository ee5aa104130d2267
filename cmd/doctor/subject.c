#include "cmd/doctor/subject.h"

#include <stdlib.h>

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_OK] = "ok",
		[VERDICT_WARNING] = "warning",
		[VERDICT_FAILURE] = "failure",
		[VERDICT_SKIPPED] = "skipped",
	};

	return names[verdict];
}

void subject_release(struct subject *subject)
{
	free(subject->address);
	*subject = (struct subject)SUBJECT_INIT;
}
