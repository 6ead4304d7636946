// LLD's COFF driver can merge Windows manifests through libxml2. Our libraries have none, so it is told that merging
// is not available, and libxml2 stays out.

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/WindowsManifest/WindowsManifestMerger.h"

namespace llvm::windows_manifest {

class WindowsManifestMerger::WindowsManifestMergerImpl {};

bool isAvailable() { return false; }
WindowsManifestMerger::WindowsManifestMerger() = default;
WindowsManifestMerger::~WindowsManifestMerger() = default;
Error WindowsManifestMerger::merge(MemoryBufferRef) { return Error::success(); }
std::unique_ptr<MemoryBuffer> WindowsManifestMerger::getMergedManifest() { return nullptr; }

} // namespace llvm::windows_manifest
