/*
 * What the terminal is like, if there is one.
 */
#ifndef CMD_TERMINAL_H
#define CMD_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

/*
 * Its columns: COLUMNS, what it says itself, or 80. 0 when the descriptor is
 * no terminal.
 */
size_t terminal_width(int fd);

/* As it is now, whatever COLUMNS says; 80 by 24 when it does not say. */
void terminal_size(int fd, size_t *columns, size_t *rows);

/* Can the cursor be moved there? A terminal, and TERM is not dumb. */
bool terminal_can_move(int fd);

/* What stands for cut text: one column where the locale is UTF-8's. */
const char *terminal_ellipsis(void);

#endif
