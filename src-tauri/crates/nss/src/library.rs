//! libnss3, loaded at run time, and the few calls that are needed of it.

use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr;

use libloading::Library;

use crate::{Answer, Failure, Named, Request, Work};

/// Trusted as a peer (`P`, Chromium asks for it) and as an anchor (`C`, Firefox does), for TLS
/// servers only.
const TRUST: &CStr = c"CP,,";
const LIST_ALL: c_int = 6;
/// The root certificates are of no use here, and no other module (a smart card's) is to be woken.
const INIT_NO_ROOTS: u32 = 0x10;
const INIT_READ_ONLY: u32 = 0x1;

/// Does what the request says, in this very process. One request per process: NSS keeps its database.
#[must_use]
pub fn carry_out(request: &Request) -> Answer {
    match try_to(request) {
        Ok(answer) => answer,
        Err(failure) => Answer::Failed(failure),
    }
}

fn try_to(request: &Request) -> Result<Answer, Failure> {
    let exists = request.database.join("cert9.db").is_file();
    let (create, read_only) = match &request.work {
        Work::Add { create, .. } => (*create, false),
        Work::Remove { .. } => (false, false),
        Work::List { .. } => (false, true),
    };
    if !exists && !create {
        return Err(Failure::NoDatabase);
    }
    if !exists {
        make_folder(&request.database)?;
    }
    let nss = Nss::load()?;
    let database = nss.open(&request.database, read_only)?;
    if !exists {
        database.set_empty_password()?;
    }
    match &request.work {
        Work::Add { certificates, .. } => {
            if database.has_password() {
                return Err(Failure::HasPassword);
            }
            for (idx, certificate) in certificates.iter().enumerate() {
                if let Err(failure) = database.add(certificate) {
                    for added in certificates.iter().take(idx + 1) {
                        // The first failure is the one to report.
                        let _ = database.remove(&added.der);
                    }
                    return Err(failure);
                }
            }
            Ok(Answer::Done)
        }
        Work::Remove { certificates } => {
            for der in certificates {
                database.remove(der)?;
            }
            Ok(Answer::Done)
        }
        Work::List { prefix } => Ok(Answer::Listed(database.list(prefix)?)),
    }
}

fn make_folder(folder: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|_| Failure::NoDatabase)
}

/// `SECItem` (`seccomon.h`).
#[repr(C)]
struct Item {
    kind: c_uint,
    data: *mut u8,
    len: c_uint,
}

/// The beginning of `CERTCertificate` (`certt.h`), as far as its DER; the layout has been the same in
/// every release of NSS 3.
#[repr(C)]
struct Certificate {
    arena: *mut c_void,
    subject_name: *mut c_char,
    issuer_name: *mut c_char,
    // CERTSignedData: an item, an algorithm of two items, an item.
    signature_wrap: [Item; 4],
    der: Item,
}

/// `CERTCertTrust` (`certt.h`).
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Trust {
    ssl: c_uint,
    email: c_uint,
    object_signing: c_uint,
}

/// `CERTCertListNode` (`certt.h`); a list's head begins with the same two links.
#[repr(C)]
struct Node {
    next: *mut Node,
    previous: *mut Node,
    certificate: *mut Certificate,
    /// The nickname, in lists that `PK11_ListCerts` made.
    app_data: *mut c_void,
}

type Initialize =
    unsafe extern "C" fn(*const c_char, *const c_char, *const c_char, *const c_char, u32) -> c_int;
type Shutdown = unsafe extern "C" fn() -> c_int;
type InternalKeySlot = unsafe extern "C" fn() -> *mut c_void;
type AskSlot = unsafe extern "C" fn(*mut c_void) -> c_int;
type FreeSlot = unsafe extern "C" fn(*mut c_void);
type InitPin = unsafe extern "C" fn(*mut c_void, *const c_char, *const c_char) -> c_int;
type DefaultDb = unsafe extern "C" fn() -> *mut c_void;
type NewTempCertificate =
    unsafe extern "C" fn(*mut c_void, *const Item, *const c_char, c_int, c_int) -> *mut Certificate;
type FindByDer = unsafe extern "C" fn(*mut c_void, *const Item) -> *mut Certificate;
type ImportCert = unsafe extern "C" fn(
    *mut c_void,
    *mut Certificate,
    std::ffi::c_ulong,
    *const c_char,
    c_int,
) -> c_int;
type DecodeTrust = unsafe extern "C" fn(*mut Trust, *const c_char) -> c_int;
type ChangeTrust = unsafe extern "C" fn(*mut c_void, *mut Certificate, *const Trust) -> c_int;
type GetTrust = unsafe extern "C" fn(*const Certificate, *mut Trust) -> c_int;
type OnCertificate = unsafe extern "C" fn(*mut Certificate) -> c_int;
type DestroyCertificate = unsafe extern "C" fn(*mut Certificate);
type ListCerts = unsafe extern "C" fn(c_int, *mut c_void) -> *mut Node;
type DestroyList = unsafe extern "C" fn(*mut Node);
type GetError = unsafe extern "C" fn() -> c_int;

/// The library and its functions. The pointers are good as long as `_libraries` lives.
struct Nss {
    initialize: Initialize,
    shutdown: Shutdown,
    internal_key_slot: InternalKeySlot,
    need_login: AskSlot,
    need_user_init: AskSlot,
    free_slot: FreeSlot,
    init_pin: InitPin,
    default_db: DefaultDb,
    new_temp_certificate: NewTempCertificate,
    find_by_der: FindByDer,
    import_cert: ImportCert,
    decode_trust: DecodeTrust,
    change_trust: ChangeTrust,
    get_trust: GetTrust,
    delete: OnCertificate,
    destroy: DestroyCertificate,
    list_certs: ListCerts,
    destroy_list: DestroyList,
    get_error: GetError,
    _libraries: (Library, Library),
}

impl Nss {
    fn load() -> Result<Self, Failure> {
        let nss = open_library("libnss3.so")?;
        // PORT_GetError is PR_GetError, which lives in NSPR.
        let nspr = open_library("libnspr4.so")?;
        Ok(Self {
            initialize: function(&nss, c"NSS_Initialize")?,
            shutdown: function(&nss, c"NSS_Shutdown")?,
            internal_key_slot: function(&nss, c"PK11_GetInternalKeySlot")?,
            need_login: function(&nss, c"PK11_NeedLogin")?,
            need_user_init: function(&nss, c"PK11_NeedUserInit")?,
            free_slot: function(&nss, c"PK11_FreeSlot")?,
            init_pin: function(&nss, c"PK11_InitPin")?,
            default_db: function(&nss, c"CERT_GetDefaultCertDB")?,
            new_temp_certificate: function(&nss, c"CERT_NewTempCertificate")?,
            find_by_der: function(&nss, c"CERT_FindCertByDERCert")?,
            import_cert: function(&nss, c"PK11_ImportCert")?,
            decode_trust: function(&nss, c"CERT_DecodeTrustString")?,
            change_trust: function(&nss, c"CERT_ChangeCertTrust")?,
            get_trust: function(&nss, c"CERT_GetCertTrust")?,
            delete: function(&nss, c"SEC_DeletePermCertificate")?,
            destroy: function(&nss, c"CERT_DestroyCertificate")?,
            list_certs: function(&nss, c"PK11_ListCerts")?,
            destroy_list: function(&nss, c"CERT_DestroyCertList")?,
            get_error: function(&nspr, c"PR_GetError")?,
            _libraries: (nss, nspr),
        })
    }

    fn open(&self, folder: &Path, read_only: bool) -> Result<Database<'_>, Failure> {
        let mut name = b"sql:".to_vec();
        name.extend_from_slice(folder.as_os_str().as_bytes());
        let name = CString::new(name).map_err(|_| Failure::NoDatabase)?;
        let none = c"".as_ptr();
        let flags = INIT_NO_ROOTS | if read_only { INIT_READ_ONLY } else { 0 };
        // SAFETY: every argument is a C string that outlives the call; NSS copies them.
        let status =
            unsafe { (self.initialize)(name.as_ptr(), none, none, c"secmod.db".as_ptr(), flags) };
        self.check("NSS_Initialize", status)?;
        // From here on `Database` shuts NSS down again.
        let mut database = Database { nss: self, slot: ptr::null_mut(), handle: ptr::null_mut() };
        // SAFETY: NSS is initialised.
        unsafe {
            database.slot = (self.internal_key_slot)();
            database.handle = (self.default_db)();
        }
        if database.slot.is_null() || database.handle.is_null() {
            return Err(self.failure("PK11_GetInternalKeySlot"));
        }
        Ok(database)
    }

    fn check(&self, call: &str, status: c_int) -> Result<(), Failure> {
        if status == 0 { Ok(()) } else { Err(self.failure(call)) }
    }

    fn failure(&self, call: &str) -> Failure {
        // SAFETY: it takes nothing and reads this thread's last error.
        let code = unsafe { (self.get_error)() };
        Failure::Call { call: call.to_owned(), code }
    }
}

/// An open database; NSS is shut down when it goes.
struct Database<'nss> {
    nss: &'nss Nss,
    slot: *mut c_void,
    handle: *mut c_void,
}

impl Drop for Database<'_> {
    fn drop(&mut self) {
        // SAFETY: the slot is ours and freed once; nothing of NSS is used after its shutdown.
        unsafe {
            if !self.slot.is_null() {
                (self.nss.free_slot)(self.slot);
            }
            (self.nss.shutdown)();
        }
    }
}

impl Database<'_> {
    fn has_password(&self) -> bool {
        // SAFETY: the slot is valid as long as the database is open.
        unsafe { (self.nss.need_login)(self.slot) != 0 }
    }

    fn set_empty_password(&self) -> Result<(), Failure> {
        // SAFETY: the slot is valid; a null old password is what a new database has.
        unsafe {
            if (self.nss.need_user_init)(self.slot) == 0 {
                return Ok(());
            }
            let status = (self.nss.init_pin)(self.slot, ptr::null(), c"".as_ptr());
            self.nss.check("PK11_InitPin", status)
        }
    }

    fn add(&self, certificate: &Named) -> Result<(), Failure> {
        let nickname =
            CString::new(certificate.nickname.as_str()).map_err(|_| Failure::BadRequest)?;
        let item = item(&certificate.der)?;
        let mut wanted = Trust::default();
        let mut is = Trust::default();
        // SAFETY: the strings and the item outlive the calls; the certificate is checked for null,
        // used only while we hold it and given back once.
        unsafe {
            let status = (self.nss.decode_trust)(&raw mut wanted, TRUST.as_ptr());
            self.nss.check("CERT_DecodeTrustString", status)?;
            let found =
                (self.nss.new_temp_certificate)(self.handle, &raw const item, ptr::null(), 0, 1);
            if found.is_null() {
                return Err(self.nss.failure("CERT_NewTempCertificate"));
            }
            let done = (|| {
                let status = (self.nss.import_cert)(self.slot, found, 0, nickname.as_ptr(), 0);
                self.nss.check("PK11_ImportCert", status)?;
                let status = (self.nss.change_trust)(self.handle, found, &raw const wanted);
                self.nss.check("CERT_ChangeCertTrust", status)?;
                let status = (self.nss.get_trust)(found, &raw mut is);
                self.nss.check("CERT_GetCertTrust", status)
            })();
            (self.nss.destroy)(found);
            done?;
        }
        let is_kept = self.list(&certificate.nickname)?.iter().any(|kept| kept == certificate);
        if is == wanted && is_kept {
            Ok(())
        } else {
            Err(Failure::Call { call: "the check after adding".to_owned(), code: 0 })
        }
    }

    fn remove(&self, der: &[u8]) -> Result<(), Failure> {
        let item = item(der)?;
        // SAFETY: the item outlives the calls; a certificate that was found is given back once.
        unsafe {
            let found = (self.nss.find_by_der)(self.handle, &raw const item);
            if found.is_null() {
                return Ok(());
            }
            let status = (self.nss.delete)(found);
            let deleted = self.nss.check("SEC_DeletePermCertificate", status);
            (self.nss.destroy)(found);
            deleted
        }
    }

    fn list(&self, prefix: &str) -> Result<Vec<Named>, Failure> {
        let mut listed = Vec::new();
        // SAFETY: a list is a ring that begins and ends at its head; its nodes, their certificates
        // and nicknames live until the list is destroyed, and are copied before.
        unsafe {
            let list = (self.nss.list_certs)(LIST_ALL, ptr::null_mut());
            if list.is_null() {
                return Err(self.nss.failure("PK11_ListCerts"));
            }
            let mut node = (*list).next;
            while !node.is_null() && node != list {
                if let Some(named) = read(&*node).filter(|named| named.nickname.starts_with(prefix))
                    && !listed.contains(&named)
                {
                    listed.push(named);
                }
                node = (*node).next;
            }
            (self.nss.destroy_list)(list);
        }
        Ok(listed)
    }
}

/// # Safety
/// The node must be one of a living list that `PK11_ListCerts` made.
unsafe fn read(node: &Node) -> Option<Named> {
    if node.certificate.is_null() || node.app_data.is_null() {
        return None;
    }
    // SAFETY: in such a list `app_data` is the nickname, a C string, and the certificate holds its
    // DER for as long as it lives.
    unsafe {
        let nickname = CStr::from_ptr(node.app_data.cast::<c_char>()).to_str().ok()?.to_owned();
        let der = &(*node.certificate).der;
        if der.data.is_null() {
            return None;
        }
        let der = std::slice::from_raw_parts(der.data, usize::try_from(der.len).ok()?).to_vec();
        Some(Named { nickname, der })
    }
}

/// NSS takes a mutable pointer and does not write through it.
fn item(der: &[u8]) -> Result<Item, Failure> {
    let len = c_uint::try_from(der.len()).map_err(|_| Failure::BadRequest)?;
    Ok(Item { kind: 0, data: der.as_ptr().cast_mut(), len })
}

fn open_library(name: &str) -> Result<Library, Failure> {
    // SAFETY: loading NSS runs its initialisers, which have no preconditions.
    unsafe { Library::new(name) }.map_err(|_| Failure::NoLibrary)
}

fn function<T: Copy>(library: &Library, name: &CStr) -> Result<T, Failure> {
    // SAFETY: each name is asked for with the type that NSS' headers declare for it.
    unsafe { library.get::<T>(name.to_bytes_with_nul()) }
        .map(|symbol| *symbol)
        .map_err(|_| Failure::NoLibrary)
}
