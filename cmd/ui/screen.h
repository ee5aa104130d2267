/*
 * The whole terminal, until it is given back as it was: the alternate screen,
 * keys without a newline, and the signals that concern it. Sequences are those
 * of xterm's ctlseqs, which tmux, screen and the console know.
 */
#ifndef CMD_SCREEN_H
#define CMD_SCREEN_H

#include "schema/base/text.h"

#include <signal.h>
#include <stdbool.h>
#include <termios.h>

struct screen {
	int keys; /* stdin, or -1 where nobody types */
	int signals;
	int events; /* readable: screen_key() has something */
	bool open, raw;
	bool gone; /* nothing can be written there any more */
	struct termios before;
	sigset_t mask;
	struct text typed;
	struct text shown; /* the frame that is there */
};

#define SCREEN_INIT                                                            \
	{                                                                      \
		.keys = -1, .signals = -1, .events = -1, .typed = TEXT_INIT,   \
		.shown = TEXT_INIT                                             \
	}

/* False with errno set; nothing has changed then. */
bool screen_open(struct screen *screen);

/* Give it back. Harmless when it was not open. */
void screen_release(struct screen *screen);

enum screen_key {
	SCREEN_NOTHING, /* no key has come */
	SCREEN_REDRAW,  /* another size, or back from being suspended */
	SCREEN_QUIT,    /* q, or the terminal is gone */
	SCREEN_UP,
	SCREEN_DOWN,
	SCREEN_PAGE_UP,
	SCREEN_PAGE_DOWN,
	SCREEN_FIRST,
	SCREEN_LAST,
	SCREEN_OTHER,
};

/*
 * What has come, one after another, without waiting. Signals that end the
 * program give the terminal back first and then do so; ^Z suspends it.
 */
enum screen_key screen_key(struct screen *screen);

/*
 * Lines from the top, each narrower than the terminal. They go out in one
 * piece, without clearing first, and only when they differ from what is there.
 */
void screen_draw(struct screen *screen, const struct text *lines);

#endif
