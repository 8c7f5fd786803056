#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A system call that failed, by its error number.
struct SystemFailure: Error, Hashable {
    let code: CInt

    init(_ code: CInt) { self.code = code }

    /// The calling thread's last one.
    static var last: SystemFailure { SystemFailure(errno) }

    static let missing = SystemFailure(ENOENT)
    static let exists = SystemFailure(EEXIST)
    static let readOnly = SystemFailure(EROFS)
    static let forbidden = SystemFailure(EACCES)
    static let notPermitted = SystemFailure(EPERM)
    static let busy = SystemFailure(EBUSY)
    static let noProcess = SystemFailure(ESRCH)
    static let noDevice = SystemFailure(ENODEV)
    static let interrupted = SystemFailure(EINTR)
    static let tooLong = SystemFailure(EFBIG)
}
