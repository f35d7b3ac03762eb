//! Where a rendered mail goes: to a mail server, or into the preview. The delivery engine knows only [`Transport::send`].

use uuid::Uuid;

use super::config::{ConfigError, EmailConfig, TransportKind};
use super::preview::PreviewStore;
use super::smtp::{Accepted, Envelope, Pool, SendError, Stage};

/// The e-mail channel's way out. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Transport {
    /// A mail server.
    Smtp(Pool),
    /// A folder on this machine.
    Preview(PreviewStore),
}

impl Transport {
    /// Opens the configured transport; `None` when the channel is off. Does not talk to the mail server yet.
    ///
    /// # Errors
    /// When the configuration is wrong or the preview's folder cannot be made.
    pub fn open(config: &EmailConfig) -> Result<Option<Self>, ConfigError> {
        config.check()?;
        Ok(match config.transport {
            TransportKind::Smtp => Some(Self::Smtp(Pool::new(config.settings()?, config.max_connections))),
            TransportKind::Preview => {
                let path = &config.preview_dir;
                let store = PreviewStore::open(path).map_err(|error| ConfigError::PreviewDir {
                    path: path.clone(),
                    error,
                })?;
                Some(Self::Preview(store))
            }
            TransportKind::Off => None,
        })
    }

    /// Sends one mail. `log_id` is the delivery log row's id: the preview keeps one mail per row however often it is sent.
    ///
    /// # Errors
    /// [`SendError`], sorted by what to do next.
    pub async fn send(&self, log_id: Uuid, envelope: &Envelope, message: &[u8]) -> Result<Accepted, SendError> {
        match self {
            Self::Smtp(pool) => pool.send(envelope, message).await,
            Self::Preview(store) => {
                let kept = store.put(log_id, message.to_vec()).await;
                kept.map_err(|error| SendError::broken(Stage::Content, error))?;
                Ok(Accepted {
                    response: "kept in the preview".to_owned(),
                })
            }
        }
    }

    /// The preview's mails, when this is the preview.
    pub fn preview(&self) -> Option<&PreviewStore> {
        match self {
            Self::Preview(store) => Some(store),
            Self::Smtp(_) => None,
        }
    }

    /// Takes leave of the mail server on connections that have not been used for a while.
    pub async fn close_idle(&self) {
        if let Self::Smtp(pool) = self {
            pool.close_idle().await;
        }
    }

    /// Finishes what is under way and takes leave of the mail server.
    pub async fn close(&self) {
        if let Self::Smtp(pool) = self {
            pool.close().await;
        }
    }
}
