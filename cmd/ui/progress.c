#include "cmd/ui/progress.h"

#include "cmd/ui/terminal.h"
#include "schema/base/utf8.h"
#include "tunnel/control/client.h"

#include <stdio.h>

/* Before that nobody has begun to wonder. */
enum { AFTER_MS = 500, EVERY_MS = 1000 };

void progress_begin(struct progress *progress, const struct options *options)
{
	*progress = (struct progress){.begun = client_now()};
	progress->possible = !options->quiet && !options->waiting &&
			     terminal_can_move(STDERR_FILENO);
}

int64_t progress_next(const struct progress *progress)
{
	int64_t passed = client_now() - progress->begun;

	if (!progress->possible)
		return -1;
	if (passed < AFTER_MS)
		return AFTER_MS - passed;
	return EVERY_MS - passed % EVERY_MS;
}

void progress_show(struct progress *progress, const struct text *line)
{
	int64_t passed = client_now() - progress->begun;
	size_t width;
	size_t height;
	AUTO(text) whole = TEXT_INIT;
	AUTO(text) visible = TEXT_INIT;

	if (!progress->possible || passed < AFTER_MS)
		return;
	text_format(&whole, "%lld s: ", (long long)(passed / 1000));
	text_append_bytes(&whole, line->data, line->length);
	text_append_visible(&visible, whole.data, whole.length);
	terminal_size(STDERR_FILENO, &width, &height);
	/* The last column stays free: what is cleared begins there. */
	fprintf(stderr, "\r%.*s\033[K",
		(int)utf8_prefix(visible.data, visible.length, width - 1),
		visible.data);
	fflush(stderr);
	progress->shown = true;
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	fflush(stderr);
	progress->shown = false;
}
