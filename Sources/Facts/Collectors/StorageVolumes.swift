import AssayBytes
import AssayFacts
import AssayFileSystem
import AssayLUKS

/// Whether the file system at `/` is itself on an encrypted volume: a key file in it is then as safe as that volume.
struct StorageRoot {
    /// Names of the mappings that `/` is on.
    private(set) var mappings: Set<String> = []

    /// By the mount table and sysfs of the running system.
    init(live reader: SubjectReader) {
        guard let table = reader.text("/proc/self/mountinfo").value else { return }
        // 36 35 98:0 /root / rw … (proc_pid_mountinfo(5)); the last mount on `/` is the visible one.
        let device = TextLines(table).compactMap { line -> Substring? in
            let fields = line.text.split(separator: " ")
            return fields.count > 4 && fields[4] == "/" ? fields[2] : nil
        }.last
        guard let device, device.allSatisfy({ $0.isNumber || $0 == ":" }) else { return }
        collect(TreePath("/sys/dev/block/\(device)"), reader, depth: 0)
    }

    /// By fstab: `/dev/mapper/NAME` where crypttab has that name.
    init(offline reader: SubjectReader, encrypted names: Set<String>, gaps: inout [Gap]) {
        let bytes: [UInt8]
        switch reader.bytes("/etc/fstab") {
        case .absent: return
        case .unreadable(let reason):
            gaps.append(Gap(Place("/etc/fstab"), reason: reason))
            return
        case .found(let found): bytes = found
        }
        let prefix = "/dev/mapper/"
        for entry in MountTables.fstab(bytes).entries where entry.directory == "/" && entry.device.hasPrefix(prefix) {
            let name = String(entry.device.dropFirst(prefix.count))
            if names.contains(name) { mappings.insert(name) }
        }
    }

    /// Follows a device to those it is made of: LVM on LUKS on RAID is a few levels.
    private mutating func collect(_ device: TreePath, _ reader: SubjectReader, depth: Int) {
        if let uuid = reader.line(device.appending("dm").appending("uuid")).value,
            StorageCollector.kind(mapping: uuid) != nil
        {
            mappings.insert(reader.line(device.appending("dm").appending("name")).value ?? device.lastName)
        }
        guard depth < 6 else { return }
        for slave in (reader.entries(device.appending("slaves")).value ?? []).prefix(64) {
            collect(TreePath("/sys/block").appending(slave.name), reader, depth: depth + 1)
        }
    }
}

/// Reads what a line of crypttab says of a volume.
struct StorageVolumeReading {
    let reader: SubjectReader
    let entry: CrypttabEntry
    let root: StorageRoot

    func volume(_ gaps: inout [Gap]) -> StorageFacts.Volume {
        let place = Place("/etc/crypttab", line: entry.line)
        var volume = StorageFacts.Volume(
            name: EscapedText(entry.name).description, kind: kind, cipher: nil, keyBits: nil, isActive: false,
            weaknesses: [], place: place)
        if entry.isPlain {
            volume.cipher = entry.option("cipher").map { EscapedText($0).description }
            volume.keyBits = entry.option("size").flatMap { Int($0) }
            if let cipher = entry.option("cipher"), LUKSCipher.isNull(cipher) {
                volume.weaknesses.append("the cipher '\(EscapedText(cipher))' encrypts nothing")
            }
        } else {
            readHeader(&volume, &gaps)
        }
        if let key = keyInside() {
            volume.weaknesses.append("its key file '\(key)' is in the same system, which is not encrypted itself")
        }
        return volume
    }

    private var kind: String {
        if entry.isPlain { return entry.hasRandomKey ? "plain, random key" : "plain" }
        return ["tcrypt", "bitlk", "fvault2"].first { entry.option($0) != nil } ?? "LUKS"
    }

    /// The key file that lies in the subject, if the volume that it opens is not what protects it.
    private func keyInside() -> String? {
        guard !entry.hasRandomKey, root.mappings.isEmpty || root.mappings.contains(entry.name) else { return nil }
        // Without a third field systemd takes this file where it exists (crypttab(5)).
        let paths =
            entry.keyFile.map { [$0] }
            ?? ["/etc", "/run"].map { "\($0)/cryptsetup-keys.d/\(entry.name).key" }
        // `PATH:DEVICE` is a key on another device; what is in /run and /dev is not stored.
        return paths.first { path in
            path.hasPrefix("/") && !path.utf8.contains(0x3A)
                && !["/dev/", "/run/", "/proc/", "/sys/"].contains { path.hasPrefix($0) }
                && reader.status(TreePath(path)).value?.type == .regular
        }.map { EscapedText($0).description }
    }

    /// The header in a regular file: of the volume itself, or a detached one.
    private func readHeader(_ volume: inout StorageFacts.Volume, _ gaps: inout [Gap]) {
        let path = TreePath(entry.option("header") ?? entry.device)
        guard entry.device.hasPrefix("/") || entry.option("header") != nil,
            reader.status(path).value?.type == .regular
        else { return }
        do {
            switch try LUKSHeader.read(from: reader.root.open(path)) {
            case .one(let header):
                volume.kind = "LUKS1"
                volume.cipher = EscapedText(header.encryption).description
                volume.keyBits = Int(clamping: header.keyBits)
                if header.isNullCipher {
                    volume.weaknesses.append("the cipher '\(header.encryption)' encrypts nothing")
                }
            case .two(let header):
                volume.kind = "LUKS2"
                let segments = header.metadata.segments.sorted { $0.key < $1.key }.map(\.value)
                volume.cipher = segments.compactMap(\.encryption).first.map { EscapedText($0).description }
                let size = header.metadata.keyslots.values.map(\.keySize).max() ?? 0
                volume.keyBits = size == 0 ? nil : Int(clamping: size.multipliedReportingOverflow(by: 8).partialValue)
                if segments.contains(where: \.isUnencrypted) {
                    volume.weaknesses.append("a segment of the volume is not encrypted")
                }
            }
        } catch {
            gaps.append(Gap(Place(path.description), reason: (error as? FileSystemError)?.reason ?? "\(error)"))
        }
    }
}
