import AssayBytes
import AssaySystemd
import FuzzSupport

/// journald.conf with drop-ins, presets, unit names, and the headers of journal files.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let parts = split(bytes)
    let files = parts.map { ConfigurationFile($0, path: "/etc/systemd/journald.conf") }
    var entries: [String: UnitDirectoryEntry] = [:]
    for (index, part) in parts.enumerated() { entries["\(index).conf"] = .file(part) }
    let directory = DropInDirectory(path: "/etc/systemd/journald.conf.d", entries: entries)
    _ = JournaldConfiguration(SystemdConfiguration.merged(main: files.first, dropIns: [directory]))
    var presets: [String: UnitDirectoryEntry] = [:]
    for (index, part) in parts.enumerated() { presets["\(index).preset"] = .file(part) }
    let rules = UnitPresets(directories: [DropInDirectory(path: "/etc/systemd/system-preset", entries: presets)])
    _ = rules.decision(for: "sshd@a.service")
    _ = UnitName(String(decoding: bytes, as: UTF8.self))
    _ = try? JournalFileHeader(bytes)
    _ = try? SealingKeyHeader(bytes)
    _ = try? SystemdFeatures.find(in: ByteArraySource(bytes))
    return 0
}
