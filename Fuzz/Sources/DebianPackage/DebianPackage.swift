import AssayBytes
import AssayDebianArchive
import FuzzSupport

/// `ar` archives and the Debian packages that they are.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = unsafe array(start, count)
    let source = ByteArraySource(bytes)
    guard let archive = try? ArArchive(source) else {
        precondition((try? DebianPackage(source)) == nil, "what is no archive is no package")
        return 0
    }
    precondition(archive.members.count <= ArArchive.maximumMembers, "no more members than the limit")
    var end: UInt64 = 8
    for member in archive.members {
        precondition(member.header.rawValue == end, "the members follow each other")
        precondition(member.content.offset.rawValue == end + 60, "the content follows the header")
        precondition(!member.name.isEmpty && !member.name.contains(0x2F), "a member has a name that is no path")
        end = member.content.offset.rawValue + member.content.count.rawValue
        precondition(end <= bytes.count, "the content lies in the file")
        precondition(
            (try? member.content.bytes(in: source, limit: member.content.count))?.count
                == member.content.count.asInt, "the content can be read")
        if end % 2 == 1, end < bytes.count { end += 1 }
    }
    precondition(end == bytes.count, "the members are the whole file")
    guard let package = try? DebianPackage(source) else { return 0 }
    let members = [package.control.member, package.data.member] + package.extraMembers
    precondition(Set(members).isSubset(of: archive.members), "the parts are members")
    precondition(members.count == archive.members.count - 1, "every member but the first is a part or extra")
    precondition(package.control.member.header < package.data.member.header, "control comes before data")
    return 0
}
