/*
 * A bridge's private key, looked at before ssh does: what is wrong with it is
 * said now and here, and not later, to nobody who listens.
 */
#ifndef CMD_KEY_FILE_H
#define CMD_KEY_FILE_H

#include "schema/bridge/bridge.h"
#include "schema/diag/diag.h"

/* What is to be done about it differs. */
enum key_file {
	KEY_FILE_FINE,
	KEY_FILE_MISSING,
	KEY_FILE_OPEN,  /* to others */
	KEY_FILE_UNFIT, /* unreadable, no file, a public key */
};

/* Anything but KEY_FILE_FINE comes with an error that says why. */
enum key_file key_file_look(const struct bridge *bridge, struct diags *diags);

/* Is it a file that ssh will take? False after an error with the fix. */
bool key_file_check(const struct bridge *bridge, struct diags *diags);

#endif
