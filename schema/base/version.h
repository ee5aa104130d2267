/*
 * This program's version, "0.1.0": the Makefile's VERSION. In a file of its
 * own, so that a new one is no reason to compile anything else.
 */
#ifndef SCHEMA_VERSION_H
#define SCHEMA_VERSION_H

extern const char bridge_version[];

#endif
