//! A phone, played with nothing but the domain's own formats.

use super::{City, Reply, picture, request};
use axum::body::Body;
use data_encoding::BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use http::Method;
use serde_json::{Value, json};
use zhicha_domain::{
    hash::Digest,
    ids::{AccountId, DeviceId, PhotoId, ProblemId, uuid_v7},
    ops::{
        OpBody, SignedOp, Tip,
        body::{FileFact, PhotoAdded, Place, ProblemFiled},
        chain::Author,
        cut,
    },
    photo::{Origin, PhotoSubject, Rendition, Shot},
    time::Stamp,
    wire::{Challenge, Enrolled, PublicKey, Session, session_message},
};

/// A bound phone.
pub struct Phone {
    pub account: AccountId,
    pub device: DeviceId,
    pub label: String,
    pub token: String,
    pub key: SigningKey,
    tip: Tip,
}

/// What a phone filed.
pub struct Filed {
    pub problem: String,
    pub photo: String,
    /// The camera's bytes.
    pub original: Vec<u8>,
}

impl Phone {
    pub async fn enrol(city: &City, code: &str) -> Self {
        let key = SigningKey::from_bytes(&rand::random());
        let body = json!({
            "code": code, "device_name": "巡查手机", "public_key": PublicKey::from(&key.verifying_key()),
        });
        let enrolled: Enrolled =
            serde_json::from_value(post(city, "/v1/enrol", &body).await.ok()).unwrap();
        let mut phone = Self {
            account: enrolled.account,
            device: enrolled.device,
            label: enrolled.device_label,
            token: String::new(),
            key,
            tip: Tip::empty(uuid_v7(city.now(), rand::random()).into()),
        };
        phone.sign_in(city).await;
        phone
    }

    pub async fn sign_in(&mut self, city: &City) {
        let reply = self.try_sign_in(city).await;
        let session: Session = serde_json::from_value(reply.ok()).unwrap();
        self.token = session.token;
    }

    pub async fn try_sign_in(&self, city: &City) -> Reply {
        let ask = json!({"device": self.device});
        let answer = post(city, "/v1/session/challenge", &ask).await.ok();
        let challenge: Challenge = serde_json::from_value(answer).unwrap();
        let message = session_message(self.device, &challenge.nonce);
        let signature = BASE64.encode(&self.key.sign(&message).to_bytes());
        let body = json!({"device": self.device, "nonce": challenge.nonce, "signature": signature});
        post(city, "/v1/session", &body).await
    }

    /// A request with the session's token.
    pub fn ask(&self, method: Method, path: &str) -> http::request::Builder {
        request(method, path).header("authorization", format!("Bearer {}", self.token))
    }

    pub async fn get(&self, city: &City, path: &str) -> Reply {
        city.send(self.ask(Method::GET, path).body(Body::empty()).unwrap())
            .await
    }

    pub async fn post(&self, city: &City, path: &str, body: &Value) -> Reply {
        let ask = self
            .ask(Method::POST, path)
            .header("content-type", "application/json");
        city.send(ask.body(Body::from(body.to_string())).unwrap())
            .await
    }

    /// Everything there is to pull, as the changes' JSON.
    pub async fn pull(&self, city: &City) -> Vec<Value> {
        let page = self.get(city, "/v1/sync/pull").await.ok();
        assert_eq!(page["more"], false);
        page["changes"].as_array().unwrap().clone()
    }

    pub fn cut(&mut self, city: &City, body: &OpBody) -> SignedOp {
        let author = Author {
            account: self.account,
            device: self.device,
            key: &self.key,
        };
        let at = Stamp {
            ms: city.now(),
            off_min: 480,
            boot: String::new(),
            elapsed_ms: 1,
            server_off_ms: Some(0),
        };
        let op = uuid_v7(city.now(), rand::random()).into();
        let (signed, tip) = cut(self.tip, op, at, &author, body).unwrap();
        self.tip = tip;
        signed
    }

    pub async fn push(&self, city: &City, ops: &[SignedOp]) -> Reply {
        self.post(city, "/v1/sync/push", &json!({"ops": ops})).await
    }

    /// Files a problem with one photo, all of it on the server.
    pub async fn file(&mut self, city: &City, note: &str) -> Filed {
        let original = picture(rand::random_range(0..1_000_000));
        let seen = zhicha_photo::inspect(&original).unwrap();
        let made = seen.renditions.unwrap();
        let fact = |bytes: &[u8]| FileFact {
            sha256: Digest::of(bytes),
            len: bytes.len() as u64,
            mime: "image/jpeg".into(),
        };
        let problem: ProblemId = uuid_v7(city.now(), rand::random()).into();
        let photo: PhotoId = uuid_v7(city.now(), rand::random()).into();
        let added = OpBody::PhotoAdded(PhotoAdded {
            photo,
            of: PhotoSubject::Problem(problem),
            shot: Shot::Near,
            origin: Origin::Import,
            original: fact(&original),
            preview: Some(fact(&made.preview)),
            thumbnail: Some(fact(&made.thumbnail)),
            no_preview: String::new(),
            taken: None,
            fix: None,
            exif_fix: None,
            exif_taken: "2026:03:05 15:58:00".into(),
            exif_camera: "secret camera".into(),
        });
        let filed = OpBody::ProblemFiled(ProblemFiled {
            problem,
            temp_no: format!("临-{}-0305-{:02}", self.label, self.tip.seq),
            visit: None,
            site: city.ids.get("alley").map(|id| id.parse().unwrap()),
            item: "BJXX-10".into(),
            source: Default::default(),
            category: "B01".into(),
            severity: Default::default(),
            place: Place {
                text: "三道街与海关路交叉口向东15米路南".into(),
                ..Place::default()
            },
            note: note.into(),
            photos: vec![photo],
            missing_shot: String::new(),
            suggested_unit: None,
            suggested_class: "L0".into(),
        });
        let ops = [self.cut(city, &added), self.cut(city, &filed)];
        let results = self.push(city, &ops).await.ok();
        assert_eq!(results["results"][1]["status"], "received", "{results}");
        for (rendition, bytes) in [
            (Rendition::Original, &original),
            (Rendition::Preview, &made.preview),
            (Rendition::Thumbnail, &made.thumbnail),
        ] {
            let done = self.upload(city, photo, rendition, bytes).await;
            assert_eq!(done.status.as_u16(), 204, "{}", done.text());
        }
        Filed {
            problem: problem.to_string(),
            photo: photo.to_string(),
            original,
        }
    }

    /// Begins an upload; gives the answer.
    pub async fn create_upload(
        &self,
        city: &City,
        photo: PhotoId,
        rendition: Rendition,
        sha256: Digest,
        len: usize,
    ) -> Reply {
        let b64 = |text: String| BASE64.encode(text.as_bytes());
        let metadata = format!(
            "photo {},rendition {},sha256 {}",
            b64(photo.to_string()),
            b64(rendition.key().to_owned()),
            b64(sha256.to_string())
        );
        let ask = self
            .ask(Method::POST, "/v1/uploads")
            .header("tus-resumable", "1.0.0")
            .header("upload-length", len)
            .header("upload-metadata", metadata);
        city.send(ask.body(Body::empty()).unwrap()).await
    }

    /// Appends to an upload.
    pub async fn patch(&self, city: &City, at: &str, offset: usize, bytes: &[u8]) -> Reply {
        let ask = self
            .ask(Method::PATCH, at)
            .header("tus-resumable", "1.0.0")
            .header("content-type", "application/offset+octet-stream")
            .header("upload-offset", offset);
        city.send(ask.body(Body::from(bytes.to_vec())).unwrap())
            .await
    }

    async fn upload(
        &self,
        city: &City,
        photo: PhotoId,
        rendition: Rendition,
        bytes: &[u8],
    ) -> Reply {
        let made = self
            .create_upload(city, photo, rendition, Digest::of(bytes), bytes.len())
            .await;
        assert_eq!(made.status.as_u16(), 201, "{}", made.text());
        self.patch(city, &made.header("location"), 0, bytes).await
    }
}

/// A JSON request without any session.
pub async fn post(city: &City, path: &str, body: &Value) -> Reply {
    let ask = request(Method::POST, path).header("content-type", "application/json");
    city.send(ask.body(Body::from(body.to_string())).unwrap())
        .await
}
