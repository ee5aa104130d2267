#include "catalog/libgit2/mapped_file.h"

#include "schema/base/alloc.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>

bool mapped_file_open(struct mapped_file *file, const char *path)
{
	AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;
	void *bytes;

	*file = (struct mapped_file)MAPPED_FILE_INIT;
	if (fd < 0 || fstat(fd, &status) || !S_ISREG(status.st_mode) ||
		!status.st_size)
		return false;
	bytes = mmap(
		NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return false;
	*file = (struct mapped_file){bytes, (uint64_t)status.st_size};
	return true;
}

void mapped_file_release(struct mapped_file *file)
{
	if (file->bytes)
		munmap((void *)(uintptr_t)file->bytes, (size_t)file->length);
	*file = (struct mapped_file)MAPPED_FILE_INIT;
}

uint64_t mapped_file_number(const unsigned char *at, unsigned bytes)
{
	uint64_t value = 0;

	while (bytes--)
		value = value << 8 | *at++;
	return value;
}
