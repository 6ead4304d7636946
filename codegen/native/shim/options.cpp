// Options of LLVM that have no other way in than its command line.

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/CommandLine.h"

namespace {

void set(const char *name, const char *value) {
  auto &options = llvm::cl::getRegisteredOptions();
  auto found = options.find(name);
  if (found != options.end() && found->second->getNumOccurrences() == 0)
    found->second->addOccurrence(1, name, value);
}

} // namespace

// Sets them unless they are set. LLD forgets all of LLVM's options at the start of a link, so this is called before
// every compilation and after every link.
extern "C" void hypersonic_llvm_options() {
  // Sums in the order that was written can be vectorised too: products, differences and loads as vectors, additions
  // one after the other. LLVM does so by itself for aarch64 only.
  set("force-ordered-reductions", "true");
  // Vectors for the case that a stride turns out to be 1 at run time: ours count bytes, so that it never is.
  set("enable-mem-access-versioning", "false");
}
