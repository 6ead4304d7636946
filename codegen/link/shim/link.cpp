// One C function around LLD's library entry. LLD keeps state in globals: the caller holds a lock.

#include "lld/Common/Driver.h"
#include "llvm/Support/raw_ostream.h"

#include <cstddef>
#include <cstring>
#include <string>

LLD_HAS_DRIVER(elf)
LLD_HAS_DRIVER(macho)
LLD_HAS_DRIVER(coff)

// Of the shim around LLVM's options.
extern "C" void hypersonic_llvm_options();

// Runs LLD on a command line whose first word names the flavour. Returns its status: 0 for success, -1 when LLD
// crashed and must not be run again. What LLD says is cut to `capacity` bytes and its length stored in `length`.
extern "C" int hypersonic_link(const char *const *arguments, size_t count, char *message, size_t capacity, size_t *length) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  const lld::DriverDef drivers[] = {
      {lld::Gnu, &lld::elf::link},
      {lld::Darwin, &lld::macho::link},
      {lld::WinLink, &lld::coff::link},
  };
  lld::Result result = lld::lldMain(llvm::ArrayRef<const char *>(arguments, count), stream, stream, drivers);
  hypersonic_llvm_options();
  stream.flush();
  *length = text.size() < capacity ? text.size() : capacity;
  std::memcpy(message, text.data(), *length);
  return result.canRunAgain ? result.retCode : -1;
}
